setup() { bats_load_library bats-assert; }
@test "x" { true; }
