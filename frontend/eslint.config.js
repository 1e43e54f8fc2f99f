import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

const onlyApi = {
  regex: '(^|/)wailsjs(/|$)',
  message: 'Only src/lib/api knows Wails. Ask the Backend instead.',
}
const noApi = {
  regex: '(^|/)api/',
  allowTypeImports: true,
  message: 'Components get state; state gets a Backend. Import types only.',
}

export default ts.config(
  { ignores: ['dist/', 'wailsjs/', 'node_modules/'] },
  js.configs.recommended,
  svelte.configs.recommended,
  {
    files: ['src/**/*.{ts,svelte}', 'vite.config.ts'],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
        parser: ts.parser,
        svelteConfig,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [onlyApi] }],
      'svelte/no-at-html-tags': 'error',
      'prefer-const': 'off', // knows no runes; the next one does
      'svelte/prefer-const': 'error',
      'svelte/prefer-svelte-reactivity': 'off', // our maps are work in progress, never shown
    },
  },
  {
    // The type information here stops at the edge of a .svelte file: what crosses it looks
    // like any. svelte-check sees through, and forbids implicit any.
    files: ['src/**/*.svelte', 'src/**/*.test.ts', 'src/main.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['src/lib/{components,views}/**/*.{ts,svelte}'],
    ignores: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [onlyApi, noApi] }],
    },
  },
  {
    files: ['src/lib/api/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': 'off' },
  },
  {
    files: ['*.js', 'e2e/**/*.mjs'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  prettier,
  svelte.configs.prettier,
)
