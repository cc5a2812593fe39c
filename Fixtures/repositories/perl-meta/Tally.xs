#include "EXTERN.h"
#include "perl.h"
#include "XSUB.h"
#include "ppport.h"
#include <string.h>
#include <libxml/tree.h>
#include "libpq-fe.h"
#include "tally.h"

MODULE = Data::Tally  PACKAGE = Data::Tally
