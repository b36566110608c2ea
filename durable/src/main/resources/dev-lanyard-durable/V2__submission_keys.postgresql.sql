-- Under which keys tasks were submitted: who says it again gets the same tasks.
create table submission_key (
  id varchar(255) primary key,
  fingerprint varchar(100) not null,
  tasks text not null,
  created_at bigint not null
);
create index submission_key_age on submission_key (created_at);
