// swift-tools-version:5.10
import PackageDescription
let package = Package(name: "lib", targets: [.target(name: "lib")])
