//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

#ifndef FITOUT_CATALOG_DATA_H
#define FITOUT_CATALOG_DATA_H

#include <stddef.h>

/// The bytes of the file `name` below `data`, and their count; null where there is none.
const unsigned char *_Nullable catalogData(const char *_Nonnull name, size_t *_Nonnull count);

#endif
