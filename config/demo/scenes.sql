-- The scenes of the museum, and of the harbour beside it, for PostgreSQL and for H2 in its PostgreSQL mode. May run again
-- and again.
create table if not exists scene_elements (
  scene varchar(100),
  place int,
  name varchar(100) not null,
  description varchar(1000),
  primary key (scene, place)
);

insert into scene_elements (scene, place, name, description) values
  ('maps-room', 1, 'globe', 'A globe as tall as a child, of 1688.'),
  ('maps-room', 2, 'sea chart', 'The coast of Norway, drawn from memory.'),
  ('tower', 1, 'clock', 'It has one hand only.'),
  ('harbour', 1, 'quay', 'A stone quay at low tide, two cranes at work.'),
  ('harbour', 2, 'pilot boat', 'A small orange boat, ready to leave.')
on conflict do nothing;
