#include <store/page.h>
#include <Store/Index>
#include <store_config.h>
#include <ltdl.h>
int main(void) { return 0; }
