# generated automatically by aclocal 1.16.5
