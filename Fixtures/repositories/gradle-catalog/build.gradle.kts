plugins {
    alias(libs.plugins.kotlin.jvm) apply false
    id("com.diffplug.spotless") version "6.25.0"
}
