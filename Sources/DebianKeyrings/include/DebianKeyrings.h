//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

#ifndef FITOUT_DEBIAN_KEYRINGS_H
#define FITOUT_DEBIAN_KEYRINGS_H

#include <stddef.h>

/// The archive keyring of a distribution, `debian` or `ubuntu`, and its size; null where there is none.
const unsigned char *_Nullable debianKeyring(const char *_Nonnull distribution, size_t *_Nonnull count);

#endif
