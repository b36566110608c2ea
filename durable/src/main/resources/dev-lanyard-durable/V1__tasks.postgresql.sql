-- The table of db-scheduler, as it ships it for PostgreSQL.
create table lanyard_scheduled_tasks (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamp with time zone not null,
  picked boolean not null,
  picked_by text,
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures int,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);
create index lanyard_execution_time_idx on lanyard_scheduled_tasks (execution_time);
create index lanyard_last_heartbeat_idx on lanyard_scheduled_tasks (last_heartbeat);
create index lanyard_priority_execution_time_idx on lanyard_scheduled_tasks (priority desc, execution_time asc);

create table lanyard_task (
  id varchar(64) primary key,
  name varchar(200) not null,
  kind varchar(100) not null,
  payload text not null,
  parent_id varchar(64),
  root_id varchar(64) not null,
  -- The ids of all ancestors and its own, each followed by a slash: what is below a task is one range of it.
  path varchar(2200) collate "C" not null,
  fork smallint not null,
  children int not null default 0,
  state varchar(12) not null,
  priority int not null,
  critical smallint not null,
  -- Attempts that count, and starts at all: the latter tells one run from every other one.
  attempt int not null default 0,
  runs int not null default 0,
  max_attempts int not null,
  retry_base_ms bigint not null,
  retry_cap_ms bigint not null,
  timeout_ms bigint not null,
  longest_ms bigint not null,
  deadline bigint,
  max_deadline bigint,
  progress smallint not null default 0,
  progress_at bigint,
  note varchar(200),
  created_at bigint not null,
  run_at bigint not null,
  started_at bigint,
  finished_at bigint,
  cancel_requested_at bigint,
  cancel_cause varchar(500),
  cancel_by varchar(100),
  node varchar(80),
  request_id varchar(64),
  traceparent varchar(64),
  tracestate varchar(512),
  baggage varchar(8192),
  unique_key varchar(200),
  error varchar(4000),
  result text
);
create index lanyard_task_newest on lanyard_task (created_at, id);
create index lanyard_task_path on lanyard_task (path);
create index lanyard_task_parent on lanyard_task (parent_id) where parent_id is not null;
create index lanyard_task_request on lanyard_task (request_id) where request_id is not null;
create index lanyard_task_state on lanyard_task (state, priority, run_at, id);
create index lanyard_task_ended on lanyard_task (state, finished_at, id) where finished_at is not null;
create index lanyard_task_scheduled on lanyard_task (run_at, id) where state = 'SCHEDULED';
create index lanyard_task_retrying on lanyard_task (deadline, id) where state = 'RETRYING';
create index lanyard_task_running on lanyard_task (node) where state = 'RUNNING';
create unique index lanyard_task_unique on lanyard_task (unique_key) where unique_key is not null and finished_at is null;

-- What happened, in the transactions that made it happen: the story of a task, and the feed of those who follow.
create table lanyard_task_event (
  id bigint generated always as identity primary key,
  at bigint not null,
  task_id varchar(64) not null,
  type varchar(16) not null,
  state varchar(12) not null,
  attempt int not null,
  node varchar(80),
  text varchar(4000),
  took_ms bigint
);
create index lanyard_task_event_task on lanyard_task_event (task_id);

create table lanyard_node (
  id varchar(80) primary key,
  host varchar(200) not null,
  pid bigint not null,
  started_at bigint not null,
  heartbeat_at bigint not null,
  slots int not null,
  running int not null,
  status varchar(12) not null,
  lost_after_ms bigint not null,
  version varchar(40) not null
);

create table lanyard_control (
  name varchar(40) primary key,
  value varchar(200) not null,
  at bigint not null
);
insert into lanyard_control (name, value, at) values ('paused', 'false', 0);
insert into lanyard_control (name, value, at) values ('retention', '', 0);

-- Under which keys tasks were submitted: who says it again gets the same tasks.
create table lanyard_submission_key (
  id varchar(255) primary key,
  fingerprint varchar(100) not null,
  tasks text not null,
  created_at bigint not null
);
create index lanyard_submission_key_age on lanyard_submission_key (created_at);
