-- The table of db-scheduler, as it ships it for SQLite.
create table scheduled_tasks (
  task_name varchar(100),
  task_instance varchar(100),
  task_data blob,
  execution_time TIMESTAMP,
  picked BIT,
  picked_by varchar(50),
  last_success TIMESTAMP,
  last_failure TIMESTAMP,
  consecutive_failures INT,
  last_heartbeat TIMESTAMP,
  version BIGINT,
  priority SMALLINT,
  primary key (task_name, task_instance)
);
create index execution_time_idx on scheduled_tasks (execution_time);
create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
create index priority_execution_time_idx on scheduled_tasks (priority desc, execution_time asc);

create table task (
  id varchar(64) primary key,
  name varchar(200) not null,
  kind varchar(100) not null,
  payload text not null,
  parent_id varchar(64),
  root_id varchar(64) not null,
  -- The ids of all ancestors and its own, each followed by a slash: what is below a task is one range of it.
  path varchar(2200) not null,
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
create index task_newest on task (created_at, id);
create index task_path on task (path);
create index task_parent on task (parent_id) where parent_id is not null;
create index task_request on task (request_id) where request_id is not null;
create index task_state on task (state, priority, run_at, id);
create index task_ended on task (state, finished_at, id) where finished_at is not null;
create index task_scheduled on task (run_at, id) where state = 'SCHEDULED';
create index task_retrying on task (deadline, id) where state = 'RETRYING';
create index task_running on task (node) where state = 'RUNNING';
create unique index task_unique on task (unique_key) where unique_key is not null and finished_at is null;

-- What happened, in the transactions that made it happen: the story of a task, and the feed of those who follow.
create table task_event (
  id integer primary key autoincrement,
  at bigint not null,
  task_id varchar(64) not null,
  type varchar(16) not null,
  state varchar(12) not null,
  attempt int not null,
  node varchar(80),
  text varchar(4000),
  took_ms bigint
);
create index task_event_task on task_event (task_id);

create table node (
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

create table control (
  name varchar(40) primary key,
  value varchar(200) not null,
  at bigint not null
);
insert into control (name, value, at) values ('paused', 'false', 0);
insert into control (name, value, at) values ('retention', '', 0);
