//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

#ifndef DETECTOR_DATA_H
#define DETECTOR_DATA_H

#include <stddef.h>

/// The bytes of the data file `name` (a path below `Detectors/Data`), their number in `count`; null where there is none.
const unsigned char *detectorData(const char *name, size_t *count);

/// The name of the data file at `index` in the order of the names; null behind the last one.
const char *detectorDataName(size_t index);

#endif
