const std = @import("std");
pub fn build(b: *std.Build) void {
    exe.linkSystemLibrary("SDL2");
    exe.linkSystemLibrary("c");
    const run_step = b.step("run", "Run it");
    const test_step = b.step("test", "Test it");
}
