#include <php.h>
#include <uuid/uuid.h>
