plugins {
    id("shop.kotlin-conventions")
    alias(libs.plugins.spring.boot)
}
dependencies {
    implementation(libs.bundles.data)
    implementation(libs.spring.web) // "com.example:not-this:1"
    testImplementation("org.testcontainers:rabbitmq:1.19.8")
}
