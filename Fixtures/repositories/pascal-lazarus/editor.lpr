program editor;
begin
end.
