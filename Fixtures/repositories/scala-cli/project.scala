//> using scala 3.4.2
//> using jvm "temurin:21"
//> using dep org.mongodb:mongodb-driver-sync:5.1.0
