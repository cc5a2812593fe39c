fn main() {
    // pkg_config::probe_library("no")
    pkg_config::Config::new().atleast_version("1.2").probe("libinput").unwrap();
}
