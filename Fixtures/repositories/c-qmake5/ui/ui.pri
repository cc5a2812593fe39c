QT += x11extras
# QT += never
SOURCES += $$PWD/window.cpp
