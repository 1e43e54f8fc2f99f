import { svelte } from '@sveltejs/vite-plugin-svelte'
import tailwindcss from '@tailwindcss/vite'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte(), tailwindcss(), svelteTesting()],
  build: {
    // The oldest web views that we meet: WebKitGTK 2.40, Safari 16.4, WebView2 111.
    target: ['safari16.4', 'chrome111'],
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
  },
})
