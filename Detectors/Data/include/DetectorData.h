//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

#ifndef DETECTOR_DATA_H
#define DETECTOR_DATA_H

#include <stddef.h>

/// The bytes of the data file `name` (a path below `Detectors/Data`), their number in `count`; null where there is none.
const unsigned char *detectorData(const char *name, size_t *count);

#endif
