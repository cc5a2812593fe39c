#include <gtk/gtk.h>
#include <SDL_image.h>
int main(void) { return 0; }
