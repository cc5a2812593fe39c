#!/bin/sh
cd web && npm run build
./gradlew check
