#include <event2/event.h>
int main(void) { return 0; }
