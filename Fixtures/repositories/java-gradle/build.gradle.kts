plugins { java }
java { toolchain { languageVersion = JavaLanguageVersion.of(21) } }
// sourceCompatibility = JavaVersion.VERSION_1_8
tasks.withType<JavaCompile> { options.release = 11 }
