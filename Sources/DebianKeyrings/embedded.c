//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

#include "DebianKeyrings.h"

#include <string.h>

static const unsigned char debian[] = {
#embed "keyrings/debian-archive-keyring.pgp"
};
static const unsigned char ubuntu[] = {
#embed "keyrings/ubuntu-archive-keyring.pgp"
};

const unsigned char *debianKeyring(const char *distribution, size_t *count) {
    if (strcmp(distribution, "debian") == 0) {
        *count = sizeof debian;
        return debian;
    }
    if (strcmp(distribution, "ubuntu") == 0) {
        *count = sizeof ubuntu;
        return ubuntu;
    }
    *count = 0;
    return NULL;
}
