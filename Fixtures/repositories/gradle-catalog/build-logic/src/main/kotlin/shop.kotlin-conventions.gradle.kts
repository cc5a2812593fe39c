plugins { id("org.jetbrains.kotlin.jvm") }
kotlin {
    jvmToolchain(libs.versions.jdk.get().toInt())
    compilerOptions { languageVersion = KotlinVersion.KOTLIN_1_9 }
}
tasks.register<Test>("test17") {
    javaLauncher = javaToolchains.launcherFor { languageVersion = JavaLanguageVersion.of(17) }
}
