use std::process::Command;
fn main() {
    if cfg!(target_os = "macos") {
        println!("cargo:rustc-link-lib=framework=AudioToolbox");
        println!("cargo:rustc-link-lib=iconv");
    } else {
        pkg_config::Config::new()
            .atleast_version("1.2")
            .probe(
                "opus",
            )
            .unwrap();
    }
    println!("cargo:rustc-link-lib=dylib=sndfile");
    println!("cargo::rustc-link-lib=static=own");
    Command::new("protoc").arg("--version").status().unwrap();
}
