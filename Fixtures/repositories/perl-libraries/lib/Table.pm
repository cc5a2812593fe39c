package Table;
our $VERSION = '0.1';
require XSLoader;
XSLoader::load('Table');
1;
