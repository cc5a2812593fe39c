//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

#include "../upstream/liblzma/api/lzma.h"
