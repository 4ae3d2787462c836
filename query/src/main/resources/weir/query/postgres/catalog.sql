-- What clients of PostgreSQL 15 find in its catalog of ours, over weir_relations and weir_columns;
-- columns that are not filled here, and other tables, are as in catalog/.
-- A statement ends with a semicolon at the end of its line; views and macros must not name others.

create temp view pg_namespace as
select * from (values
  (11, 'pg_catalog', 10, null::varchar[]),
  (2200, 'public', 10, null),
  (13000, 'information_schema', 10, null)) t(oid, nspname, nspowner, nspacl);

create temp view pg_class as
select oid, name as relname, 2200 as relnamespace, 0 as reltype, 0 as reloftype, 10 as relowner,
  2 as relam, oid as relfilenode, 0 as reltablespace, 0 as relpages, -1::real as reltuples,
  0 as relallvisible, 0 as reltoastrelid, false as relhasindex, false as relisshared,
  'p' as relpersistence, 'r' as relkind,
  (select count(*) from weir_shapes s where s.shape = weir_relations.shape)::smallint as relnatts,
  0::smallint as relchecks, false as relhasrules, false as relhastriggers,
  false as relhassubclass, false as relhasoids, false as relrowsecurity,
  false as relforcerowsecurity, true as relispopulated, 'd' as relreplident,
  false as relispartition, 0 as relrewrite, 0 as relfrozenxid, 0 as relminmxid,
  null::varchar[] as relacl, null::varchar[] as reloptions, null::varchar as relpartbound
from weir_relations;

create temp view pg_attribute as
select relation as attrelid, name as attname, type as atttypid, -1 as attstattarget,
  size::smallint as attlen, number::smallint as attnum, 0 as attndims, -1 as attcacheoff,
  -1 as atttypmod, size = 8 as attbyval, 'i' as attalign, 'p' as attstorage, '' as attcompression,
  false as attnotnull, false as atthasdef, false as atthasmissing, '' as attidentity,
  '' as attgenerated, false as attisdropped, true as attislocal, 0 as attinhcount,
  case when type = 25 then 100 else 0 end as attcollation, null::varchar[] as attacl,
  null::varchar[] as attoptions, null::varchar[] as attfdwoptions, null as attmissingval
from weir_columns;

create temp view pg_database as
select 1 as oid, current_database() as datname, 10 as datdba, 6 as encoding,
  'c' as datlocprovider, false as datistemplate, true as datallowconn, -1 as datconnlimit,
  0 as datfrozenxid, 0 as datminmxid, 1663 as dattablespace, 'C' as datcollate, 'C' as datctype,
  null::varchar as daticulocale, null::varchar as datcollversion, null::varchar[] as datacl;

create temp view pg_roles as
select 10 as oid, 'weir' as rolname, false as rolsuper, true as rolinherit,
  false as rolcreaterole, false as rolcreatedb, true as rolcanlogin, false as rolreplication,
  -1 as rolconnlimit, '********' as rolpassword, null::timestamptz as rolvaliduntil,
  false as rolbypassrls, null::varchar[] as rolconfig;

create temp view pg_user as
select 'weir' as usename, 10 as usesysid, false as usecreatedb, false as usesuper,
  false as userepl, false as usebypassrls, '********' as passwd, null::timestamptz as valuntil,
  null::varchar[] as useconfig;

create temp view pg_authid as
select 10 as oid, 'weir' as rolname, false as rolsuper;

create temp view pg_settings as
select name, setting, 'Preset Options' as category, '' as short_desc, 'internal' as context,
  'string' as vartype, 'default' as source, setting as boot_val, setting as reset_val,
  false as pending_restart
from (select unnest(map_keys($settings)) as name, unnest(map_values($settings)) as setting);

create temp view pg_tables as
select 'public' as schemaname, name as tablename, 'weir' as tableowner,
  null::varchar as tablespace, false as hasindexes, false as hasrules, false as hastriggers,
  false as rowsecurity
from weir_relations;

create temp view pg_tablespace as
select 1663 as oid, 'pg_default' as spcname, 10 as spcowner, null::varchar[] as spcacl,
  null::varchar[] as spcoptions;

create temp view pg_stat_user_tables as
select oid as relid, 'public' as schemaname, name as relname, 0::bigint as n_live_tup
from weir_relations;

create temp view information_schema_tables as
select current_database() as table_catalog, 'public' as table_schema, name as table_name,
  'BASE TABLE' as table_type, null::varchar as self_referencing_column_name,
  null::varchar as reference_generation, null::varchar as user_defined_type_catalog,
  null::varchar as user_defined_type_schema, null::varchar as user_defined_type_name,
  'NO' as is_insertable_into, 'NO' as is_typed, null::varchar as commit_action
from weir_relations;

create temp view information_schema_columns as
select current_database() as table_catalog, 'public' as table_schema, r.name as table_name,
  c.name as column_name, c.number as ordinal_position, null::varchar as column_default,
  'YES' as is_nullable, format_type(c.type, -1) as data_type,
  null::integer as character_maximum_length, null::integer as character_octet_length,
  case c.type when 23 then 32 when 20 then 64 when 701 then 53 end as numeric_precision,
  case when c.type in (23, 20, 701) then 2 end as numeric_precision_radix,
  case when c.type in (23, 20) then 0 end as numeric_scale,
  case when c.type = 1184 then 6 end as datetime_precision,
  null::varchar as interval_type, null::varchar as character_set_name,
  null::varchar as collation_name, null::varchar as domain_name,
  current_database() as udt_catalog, 'pg_catalog' as udt_schema,
  case c.type when 16 then 'bool' when 20 then 'int8' when 23 then 'int4' when 25 then 'text'
    when 701 then 'float8' when 1184 then 'timestamptz' when 1114 then 'timestamp'
    when 1700 then 'numeric' else 'text' end as udt_name,
  c.number::varchar as dtd_identifier, 'NO' as is_self_referencing, 'NO' as is_identity,
  null::varchar as identity_generation, 'NEVER' as is_generated,
  null::varchar as generation_expression, 'NO' as is_updatable
from weir_columns c join weir_relations r on r.oid = c.relation;

create temp view information_schema_schemata as
select current_database() as catalog_name, schema_name, 'weir' as schema_owner
from (values ('public'), ('pg_catalog'), ('information_schema')) t(schema_name);

create temp view information_schema_character_sets as
select 'UTF8' as character_set_name, current_database() as default_collate_catalog,
  'pg_catalog' as default_collate_schema, 'C' as default_collate_name;

create temp macro version() as 'PostgreSQL 15.0 (Weir)';
create temp macro current_database() as $project;
create temp macro current_catalog() as $project;
create temp macro current_schema() as 'public';
create temp macro current_schemas(implicit) as case when implicit then ['pg_catalog', 'public'] else ['public'] end;
create temp macro current_user() as 'weir';
create temp macro session_user() as 'weir';
create temp macro user() as 'weir';
create temp macro current_role() as 'weir';
create temp macro pg_get_userbyid(a) as 'weir';
create temp macro pg_backend_pid() as 0;
create temp macro pg_is_in_recovery() as false;
create temp macro pg_encoding_to_char(a) as 'UTF8';
create temp macro current_setting(a) as coalesce($settings[lower(a)], error('unrecognized configuration parameter "' || a || '"')), (a, missing_ok) as case when missing_ok then $settings[lower(a)] else coalesce($settings[lower(a)], error('unrecognized configuration parameter "' || a || '"')) end;
create temp macro set_config(a, b, c) as b;
create temp macro pg_table_is_visible(a) as true;
create temp macro pg_type_is_visible(a) as true;
create temp macro pg_function_is_visible(a) as true;
create temp macro pg_is_other_temp_schema(a) as false;
create temp macro pg_my_temp_schema() as 0;
create temp macro pg_relation_is_publishable(a) as false;
create temp macro pg_get_expr(a, b) as null::varchar, (a, b, c) as null::varchar;
create temp macro pg_get_viewdef(a) as null::varchar, (a, b) as null::varchar;
create temp macro pg_get_constraintdef(a) as null::varchar, (a, b) as null::varchar;
create temp macro pg_get_indexdef(a) as null::varchar, (a, b, c) as null::varchar;
create temp macro pg_get_keywords() as null::varchar;
create temp macro pg_get_partkeydef(a) as null::varchar;
create temp macro pg_get_statisticsobjdef_columns(a) as null::varchar;
create temp macro pg_get_triggerdef(a) as null::varchar, (a, b) as null::varchar;
create temp macro pg_get_function_result(a) as null::varchar;
create temp macro pg_get_function_arguments(a) as null::varchar;
create temp macro pg_get_function_identity_arguments(a) as null::varchar;
create temp macro pg_get_serial_sequence(a, b) as null::varchar;
create temp macro pg_get_ruledef(a) as null::varchar, (a, b) as null::varchar;
create temp macro pg_partition_ancestors(a) as null::bigint;
create temp macro obj_description(a) as null::varchar, (a, b) as null::varchar;
create temp macro col_description(a, b) as null::varchar;
create temp macro shobj_description(a, b) as null::varchar;
create temp macro pg_relation_size(a) as 0::bigint;
create temp macro pg_table_size(a) as 0::bigint;
create temp macro pg_total_relation_size(a) as 0::bigint;
create temp macro pg_database_size(a) as 0::bigint;
create temp macro pg_size_pretty(a) as a || ' bytes';
create temp macro pg_tablespace_location(a) as '';
create temp macro pg_stat_get_numscans(a) as 0::bigint;
create temp macro has_table_privilege(a, b) as true, (a, b, c) as true;
create temp macro has_schema_privilege(a, b) as true, (a, b, c) as true;
create temp macro has_column_privilege(a, b, c) as true, (a, b, c, d) as true;
create temp macro has_any_column_privilege(a, b) as true, (a, b, c) as true;
create temp macro has_database_privilege(a, b) as true, (a, b, c) as true;
create temp macro has_function_privilege(a, b) as true, (a, b, c) as true;
create temp macro quote_ident(a) as case when regexp_full_match(a, '[a-z_][a-z0-9_$]*') then a else '"' || replace(a, '"', '""') || '"' end;
create temp macro quote_literal(a) as '''' || replace(a::varchar, '''', '''''') || '''';
create temp macro array_upper(a, b) as len(a);
create temp macro array_lower(a, b) as case when len(a) > 0 then 1 end;
create temp macro array_ndims(a) as case when len(a) > 0 then 1 end;
create temp macro _pg_expandarray(a) as {'x': a[1], 'n': 1};
create temp macro pg_typeof(a) as case when typeof(a) like 'DECIMAL%' then 'numeric' else case typeof(a) when 'VARCHAR' then 'text' when 'DOUBLE' then 'double precision' when 'FLOAT' then 'real' when 'HUGEINT' then 'numeric' when 'UINTEGER' then 'oid' when 'BLOB' then 'bytea' when 'TIMESTAMP' then 'timestamp without time zone' when 'TIME' then 'time without time zone' when 'VARCHAR[]' then 'text[]' when 'DOUBLE[]' then 'double precision[]' else lower(typeof(a)) end end;
create temp macro initcap(a) as array_to_string(list_transform(regexp_extract_all(lower(a), '[[:alnum:]]+|[^[:alnum:]]+'), lambda w: upper(w[1]) || w[2:]), '');
create temp macro to_regclass(a) as null::uinteger;
create temp macro to_regtype(a) as ($typeids)[lower(a)]::uinteger;
create temp macro regexp_substr(a, b) as regexp_extract(a, b), (a, b, c) as regexp_extract(substr(a, c), b);
create temp macro regexp_instr(a, b) as case when regexp_matches(a, b) then strpos(a, regexp_extract(a, b)) else 0 end, (a, b, c) as case when regexp_matches(substr(a, c), b) then c else 0 end;
create temp macro pg_any(a) as case when list_bool_or(a) then true when a is null or list_contains([e is null for e in a], true) then null else false end;
create temp macro pg_all(a) as case when list_contains(a, false) then false when a is null or list_contains([e is null for e in a], true) then null else true end;
create temp macro regexp_remove(a, b) as regexp_replace(a, b, '', 'g');
create temp macro textin(a) as a;
create temp macro charindex(a, b) as strpos(b, a);
create temp macro byteaout(a) as a::varchar;
create temp macro "isnull"(a, b) as coalesce(a, b);
create temp macro txid_current() as 0::bigint;
create temp macro inet_server_addr() as null::varchar;
create temp macro inet_server_port() as 0;
create temp macro format_type(t, m) as case when t is null then null when t = 1700 and m >= 4 then 'numeric(' || ((m - 4) >> 16) || ',' || ((m - 4) & 65535) || ')' when t in (1042, 1043) and m >= 4 then ($types)[t] || '(' || (m - 4) || ')' else coalesce(($types)[t], '???') end;
create temp macro pg_operator_is_visible(a) as true;
create temp macro date_bin(stride, source, origin) as time_bucket(stride, source, origin);
create temp macro to_timestamp_by(a, f) as strptime(a, f)::timestamptz;
create temp macro to_date_by(a, f) as strptime(a, f)::date;
create temp macro to_char_number(n, f, width, zeros, filled, trimmed) as (select case when filled then lpad(signed, greatest(width + 1, length(signed))::integer, ' ') else signed end from (select case when n < 0 then '-' else '' end || case when trimmed then rtrim(padded, '0') else padded end as signed from (select case when zeros = 0 and digits like '0.%' then substr(digits, 2) when zeros > strpos(digits || '.', '.') - 1 then repeat('0', zeros - strpos(digits || '.', '.') + 1) || digits else digits end as padded from (select format(f, abs(n)::double) as digits))));
create temp macro to_char_marked(x, f) as replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(strftime(x, f), chr(1) || 'A', upper(monthname(x))), chr(1) || 'B', lower(monthname(x))), chr(1) || 'C', rpad(monthname(x), 9, ' ')), chr(1) || 'D', upper(rpad(monthname(x), 9, ' '))), chr(1) || 'E', lower(rpad(monthname(x), 9, ' '))), chr(1) || 'F', upper(monthname(x)[1:3])), chr(1) || 'G', lower(monthname(x)[1:3])), chr(1) || 'H', upper(dayname(x))), chr(1) || 'I', lower(dayname(x))), chr(1) || 'J', rpad(dayname(x), 9, ' ')), chr(1) || 'K', upper(rpad(dayname(x), 9, ' '))), chr(1) || 'L', lower(rpad(dayname(x), 9, ' '))), chr(1) || 'O', upper(dayname(x)[1:3])), chr(1) || 'P', lower(dayname(x)[1:3])), chr(1) || 'Q', quarter(x)::varchar), chr(1) || 'R', lpad(((dayofyear(x) - 1) // 7 + 1)::varchar, 2, '0')), chr(1) || 'S', ((day(x) - 1) // 7 + 1)::varchar), chr(1) || 'T', (dayofweek(x) + 1)::varchar), chr(1) || 'U', case when hour(x) < 12 then 'am' else 'pm' end), chr(1) || 'V', ((year(x) + 99) // 100)::varchar), chr(1) || 'Y', (date_diff('day', date '2000-01-01', x::date) + 2451545)::varchar), chr(1) || 'Z', (hour(x) * 3600 + minute(x) * 60 + second(x))::varchar);
create temp macro parse_ident(a) as list_transform(regexp_extract_all(a, '"(?:[^"]|"")*"|[^."\s]+'), lambda e: case when e like '"%' then replace(e[2:-2], '""', '"') else lower(e) end), (a, strict) as list_transform(regexp_extract_all(a, '"(?:[^"]|"")*"|[^."\s]+'), lambda e: case when e like '"%' then replace(e[2:-2], '""', '"') else lower(e) end);
create temp macro pg_advisory_unlock_all() as '';
create temp macro pg_advisory_lock(a) as '', (a, b) as '';
create temp macro pg_try_advisory_lock(a) as true, (a, b) as true;
create temp macro pg_advisory_unlock(a) as false, (a, b) as false;
create temp macro regclass_name(a) as replace(regexp_extract(a, '("(?:[^"]|"")*"|[^.]*)$'), '"', '');
create temp macro pg_tablespace_size(a) as 0::bigint;
create temp macro pg_char_to_encoding(a) as case when upper(a) in ('UTF8', 'UTF-8') then 6 else -1 end;
create temp macro array_remove(a, b) as list_filter(a, lambda e: e is distinct from b);
create temp macro getdatabaseencoding() as 'UTF8';
create temp macro ts_token_type(a) as unnest([{'tokid': 1, 'alias': 'asciiword', 'description': 'Word, all ASCII'}, {'tokid': 2, 'alias': 'word', 'description': 'Word, all letters'}, {'tokid': 3, 'alias': 'numword', 'description': 'Word, letters and digits'}, {'tokid': 4, 'alias': 'email', 'description': 'Email address'}, {'tokid': 5, 'alias': 'url', 'description': 'URL'}, {'tokid': 6, 'alias': 'host', 'description': 'Host'}, {'tokid': 7, 'alias': 'sfloat', 'description': 'Scientific notation'}, {'tokid': 8, 'alias': 'version', 'description': 'Version number'}, {'tokid': 9, 'alias': 'hword_numpart', 'description': 'Hyphenated word part, letters and digits'}, {'tokid': 10, 'alias': 'hword_part', 'description': 'Hyphenated word part, all letters'}, {'tokid': 11, 'alias': 'hword_asciipart', 'description': 'Hyphenated word part, all ASCII'}, {'tokid': 12, 'alias': 'blank', 'description': 'Space symbols'}, {'tokid': 13, 'alias': 'tag', 'description': 'XML tag'}, {'tokid': 14, 'alias': 'protocol', 'description': 'Protocol head'}, {'tokid': 15, 'alias': 'numhword', 'description': 'Hyphenated word, letters and digits'}, {'tokid': 16, 'alias': 'asciihword', 'description': 'Hyphenated word, all ASCII'}, {'tokid': 17, 'alias': 'hword', 'description': 'Hyphenated word, all letters'}, {'tokid': 18, 'alias': 'url_path', 'description': 'URL path'}, {'tokid': 19, 'alias': 'file', 'description': 'File or path name'}, {'tokid': 20, 'alias': 'float', 'description': 'Decimal notation'}, {'tokid': 21, 'alias': 'int', 'description': 'Signed integer'}, {'tokid': 22, 'alias': 'uint', 'description': 'Unsigned integer'}, {'tokid': 23, 'alias': 'entity', 'description': 'XML entity'}]);
create temp macro btrim(a) as trim(a), (a, b) as trim(a, b);
create temp macro clock_timestamp() as now();
create temp macro statement_timestamp() as now();
create temp macro transaction_timestamp() as now();
create temp macro pg_postmaster_start_time() as now();
create temp macro pg_conf_load_time() as now();
create temp macro cardinality(a) as len(a);
create temp macro num_nulls(a) as case when a is null then 1 else 0 end;
create temp macro pg_get_function_sqlbody(a) as null::varchar;
create temp macro pg_get_function_arg_default(a, b) as null::varchar;
create temp macro pg_get_functiondef(a) as null::varchar;
create temp macro pg_get_statisticsobjdef(a) as null::varchar;
create temp macro pg_collation_is_visible(a) as true;
create temp macro pg_conversion_is_visible(a) as true;
create temp macro pg_opclass_is_visible(a) as true;
create temp macro pg_opfamily_is_visible(a) as true;
create temp macro pg_ts_config_is_visible(a) as true;
create temp macro pg_ts_dict_is_visible(a) as true;
create temp macro pg_ts_parser_is_visible(a) as true;
create temp macro pg_ts_template_is_visible(a) as true;
create temp macro pg_statistics_obj_is_visible(a) as true;
create temp macro pg_indexam_has_property(a, b) as false;
create temp macro pg_index_column_has_property(a, b, c) as false;
create temp macro pg_get_replica_identity_index(a) as null::bigint;
create temp macro pg_sequence_last_value(a) as null::bigint;
create temp macro pg_stat_get_backend_pid(a) as 0;
create temp macro pg_relation_is_updatable(a, b) as 0;
create temp macro pg_column_is_updatable(a, b, c) as false;
create temp macro pg_is_wal_replay_paused() as false;
create temp macro pg_has_role(a, b) as true, (a, b, c) as true;
create temp macro has_sequence_privilege(a, b) as true, (a, b, c) as true;
create temp macro has_type_privilege(a, b) as true, (a, b, c) as true;
create temp macro has_language_privilege(a, b) as true, (a, b, c) as true;
create temp macro has_tablespace_privilege(a, b) as true, (a, b, c) as true;
create temp macro has_server_privilege(a, b) as true, (a, b, c) as true;
create temp macro has_foreign_data_wrapper_privilege(a, b) as true, (a, b, c) as true;
create temp macro epoch_between(a, b) as case when typeof(a) = typeof(b) and typeof(b) <> 'INTERVAL' then (epoch_us(a) - epoch_us(b)) / 1e6 else epoch(a - b) end;
create temp macro make_interval(years := 0, months := 0, weeks := 0, days := 0, hours := 0, mins := 0, secs := 0) as to_years(years) + to_months(months) + to_weeks(weeks) + to_days(days) + to_hours(hours) + to_minutes(mins) + to_microseconds(cast(secs * 1000000 as bigint));
create temp macro width_bucket(x, low, high, n) as case when low < high then case when x < low then 0 when x >= high then n + 1 else cast(floor((x - low) * n / (high - low)) as integer) + 1 end else case when x > low then 0 when x <= high then n + 1 else cast(floor((low - x) * n / (low - high)) as integer) + 1 end end;
create temp macro quote_nullable(a) as coalesce('''' || replace(a::varchar, '''', '''''') || '''', 'NULL');

-- Redshift's driver looks here.

create temp view svv_tables as
select current_database() as table_catalog, 'public' as table_schema, name as table_name,
  'BASE TABLE' as table_type, null::varchar as remarks
from weir_relations;

create temp view svv_all_tables as
select current_database() as database_name, 'public' as schema_name, name as table_name,
  'TABLE' as table_type, null::varchar as table_acl, null::varchar as remarks
from weir_relations;

create temp view svv_columns as
select current_database() as table_catalog, 'public' as table_schema, r.name as table_name,
  c.name as column_name, c.number as ordinal_position, null::varchar as column_default,
  'YES' as is_nullable, format_type(c.type, -1) as data_type,
  null::integer as character_maximum_length, null::integer as numeric_precision,
  null::integer as numeric_precision_radix, null::integer as numeric_scale,
  null::integer as datetime_precision, null::varchar as remarks
from weir_columns c join weir_relations r on r.oid = c.relation;

create temp view svv_all_columns as
select current_database() as database_name, 'public' as schema_name, r.name as table_name,
  c.name as column_name, c.number as ordinal_position, null::varchar as column_default,
  'YES' as is_nullable, format_type(c.type, -1) as data_type,
  null::integer as character_maximum_length, null::integer as numeric_precision,
  null::integer as numeric_scale, null::varchar as remarks
from weir_columns c join weir_relations r on r.oid = c.relation;

create temp view svv_all_schemas as
select current_database() as database_name, 'public' as schema_name, 10 as schema_owner,
  'local' as schema_type, null::varchar as schema_acl, null::varchar as source_database,
  null::varchar as schema_option;

create temp view svv_redshift_databases as
select current_database() as database_name, 10 as database_owner, 'local' as database_type,
  null::varchar as database_acl, null::varchar as database_options;

create temp view svv_external_schemas as
select 0 as esoid, 0 as eskind, ''::varchar as schemaname, 0 as esowner,
  ''::varchar as databasename, ''::varchar as esoptions where false;

create temp view svv_external_tables as
select ''::varchar as schemaname, ''::varchar as tablename, ''::varchar as location where false;

create temp view svv_external_columns as
select ''::varchar as schemaname, ''::varchar as tablename, ''::varchar as columnname,
  ''::varchar as external_type, 0 as columnnum, 0 as part_key, ''::varchar as is_nullable
where false;

create temp view pg_late_binding_view_cols as
select ''::varchar as schemaname, ''::varchar as tablename, ''::varchar as columnname,
  ''::varchar as columntype, 0 as columnnum where false;

create temp view pg_proc_info as
select 0 as prooid, ''::varchar as proname, 0 as pronamespace, 0 as proowner, 0 as prolang,
  0 as prorettype, ''::varchar as prokind, false as proretset, null::bigint[] as proargtypes,
  null::bigint[] as proallargtypes, null::varchar[] as proargmodes,
  null::varchar[] as proargnames, 0::smallint as pronargs
where false;
