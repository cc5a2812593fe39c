// swift-tools-version: 6.0
let p = Package(targets: [.systemLibrary(name: "C", pkgConfig: "x", providers: [.apt(["libarchive-dev"])])])
