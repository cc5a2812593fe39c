#include <QX11Info>
