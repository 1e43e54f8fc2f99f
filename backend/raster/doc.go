// Package raster holds pixels and what the models need done to them: conversion to RGB,
// turning upright, resizing, cutting out a line of text, and normalising into tensors.
//
// An Image is packed RGB. A Normalizer turns its values into the floats that a model was
// trained on; ResizeInto and WarpInto do the geometry and the normalising in one pass,
// straight into the model's tensor and without allocating, because they run once for every
// page and for every line. Resample is Pillow's resize, for models that were trained on that.
//
// Functions read their source images and never change them, so that any number of
// goroutines may work on one Image; a Normalizer may be shared in the same way. The package
// starts no goroutine, reads no file and knows no file format: that is package document.
//
// Each fast kernel has a slow twin in the tests that does the same arithmetic one pixel at a
// time, and must equal it bit for bit.
package raster
