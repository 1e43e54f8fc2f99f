import { mount } from 'svelte'
import Root from './App.svelte'
import './app.css'
import { wailsBackend } from './lib/api/wails'
import { Locale, localeContext } from './lib/i18n/locale.svelte'
import { App } from './lib/state/app.svelte'
import { Drag } from './lib/state/drag.svelte'

const drag = new Drag()
drag.guard(window)

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app')

const locale = new Locale(navigator.languages, localStorage)
const app = new App(wailsBackend(), locale)
mount(Root, { target, props: { app, drag }, context: localeContext(locale) })
