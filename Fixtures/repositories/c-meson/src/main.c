#include <glib.h>
#include <locale.h>
