import { expectTypeOf, test } from 'vitest'
import type { inkpool, view } from '../../../wailsjs/go/models'
import type * as ours from './types'

/** The fields of a generated type. */
type FieldsOf<T> = Exclude<keyof T, 'convertValues'>

// Nothing is compared when this runs: `npm run check` fails when Go and we drift apart.
test('our types have the fields that Go sends', () => {
  expectTypeOf<keyof ours.About>().toEqualTypeOf<FieldsOf<view.About>>()
  expectTypeOf<keyof ours.Device>().toEqualTypeOf<FieldsOf<view.Device>>()
  expectTypeOf<keyof ours.Engine>().toEqualTypeOf<FieldsOf<view.Engine>>()
  expectTypeOf<keyof ours.Failure>().toEqualTypeOf<FieldsOf<view.Error>>()
  expectTypeOf<keyof ours.Job>().toEqualTypeOf<FieldsOf<view.Job>>()
  expectTypeOf<keyof ours.Line>().toEqualTypeOf<FieldsOf<view.Line>>()
  expectTypeOf<keyof ours.Label>().toEqualTypeOf<FieldsOf<view.Label>>()
  expectTypeOf<keyof ours.Labelling>().toEqualTypeOf<FieldsOf<inkpool.Labelling>>()
  expectTypeOf<keyof ours.Language>().toEqualTypeOf<FieldsOf<view.Language>>()
  expectTypeOf<keyof ours.LogEntry>().toEqualTypeOf<FieldsOf<view.LogEntry>>()
  expectTypeOf<keyof ours.Pack>().toEqualTypeOf<FieldsOf<view.Pack>>()
  expectTypeOf<keyof ours.Page>().toEqualTypeOf<FieldsOf<view.Page>>()
  expectTypeOf<keyof ours.Progress>().toEqualTypeOf<FieldsOf<view.Progress>>()
  expectTypeOf<keyof ours.Reading>().toEqualTypeOf<FieldsOf<inkpool.Reading>>()
  expectTypeOf<keyof ours.Region>().toEqualTypeOf<FieldsOf<inkpool.Region>>()
  expectTypeOf<keyof ours.Segment>().toEqualTypeOf<FieldsOf<view.Segment>>()
  expectTypeOf<keyof ours.Snapshot>().toEqualTypeOf<FieldsOf<view.Snapshot>>()
  expectTypeOf<keyof ours.Steps>().toEqualTypeOf<FieldsOf<inkpool.Steps>>()
  expectTypeOf<keyof ours.Task>().toEqualTypeOf<FieldsOf<view.Task>>()
  expectTypeOf<keyof ours.Timing>().toEqualTypeOf<FieldsOf<view.Timing>>()
  expectTypeOf<keyof ours.Translating>().toEqualTypeOf<FieldsOf<inkpool.Translating>>()
  expectTypeOf<keyof ours.Translation>().toEqualTypeOf<FieldsOf<view.Translation>>()
})
