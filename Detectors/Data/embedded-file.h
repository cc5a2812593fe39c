//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

// The entry of the file `FILE` in the list of embedded.c; read once for each, so that nothing keeps it from being read
// again. A directive cannot stand in a macro, hence the file of its own.
{
    FILE,
    (const unsigned char[]){
#embed FILE
    },
    sizeof(const unsigned char[]){
#embed FILE
    },
},
#undef FILE
