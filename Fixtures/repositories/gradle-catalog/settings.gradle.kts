pluginManagement { includeBuild("build-logic") }
rootProject.name = "shop"
include(":app", ":lib:core")
include(
    ":gone",
    ":moved",
)
project(":moved").projectDir = file("other/place")
