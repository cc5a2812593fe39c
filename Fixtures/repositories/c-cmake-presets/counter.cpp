#include <fmt/core.h>

int main() { fmt::print("1\n"); }
