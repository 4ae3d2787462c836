-- What clients of PostgreSQL 15 find in its catalog, over weir_relations and weir_columns.
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
  (select count(*) from weir_columns where relation = oid)::smallint as relnatts,
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

create temp view pg_type as
select oid, typname, 11 as typnamespace, 10 as typowner, typlen::smallint as typlen,
  typlen > 0 as typbyval, 'b' as typtype, typcategory, false as typispreferred,
  true as typisdefined, ',' as typdelim, 0 as typrelid, typelem, typarray,
  typname || 'in' as typinput, typname || 'out' as typoutput, '-' as typreceive, '-' as typsend,
  '-' as typmodin, '-' as typmodout, '-' as typanalyze, '-' as typsubscript, 'i' as typalign,
  'x' as typstorage, false as typnotnull, 0 as typbasetype, -1 as typtypmod, 0 as typndims,
  case when oid in (19, 25, 1042, 1043) then 100 else 0 end as typcollation,
  null::varchar as typdefaultbin, null::varchar as typdefault, null::varchar[] as typacl
from (values
  (16, 'bool', 1, 'B', 0, 1000), (17, 'bytea', -1, 'U', 0, 1001), (18, 'char', 1, 'Z', 0, 1002),
  (19, 'name', 64, 'S', 18, 1003), (20, 'int8', 8, 'N', 0, 1016), (21, 'int2', 2, 'N', 0, 1005),
  (23, 'int4', 4, 'N', 0, 1007), (24, 'regproc', 4, 'N', 0, 1008), (25, 'text', -1, 'S', 0, 1009),
  (26, 'oid', 4, 'N', 0, 1028), (114, 'json', -1, 'U', 0, 199), (700, 'float4', 4, 'N', 0, 1021),
  (701, 'float8', 8, 'N', 0, 1022), (1042, 'bpchar', -1, 'S', 0, 1014),
  (1043, 'varchar', -1, 'S', 0, 1015), (1082, 'date', 4, 'D', 0, 1182),
  (1083, 'time', 8, 'D', 0, 1183), (1114, 'timestamp', 8, 'D', 0, 1115),
  (1184, 'timestamptz', 8, 'D', 0, 1185), (1186, 'interval', 16, 'T', 0, 1187),
  (1700, 'numeric', -1, 'N', 0, 1231), (2205, 'regclass', 4, 'N', 0, 2210),
  (2206, 'regtype', 4, 'N', 0, 2211), (2278, 'void', 4, 'P', 0, 0), (2950, 'uuid', 16, 'U', 0, 2951),
  (1000, '_bool', -1, 'A', 16, 0), (1007, '_int4', -1, 'A', 23, 0),
  (1009, '_text', -1, 'A', 25, 0), (1016, '_int8', -1, 'A', 20, 0),
  (1022, '_float8', -1, 'A', 701, 0)) t(oid, typname, typlen, typcategory, typelem, typarray);

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

create temp view pg_group as
select ''::varchar as groname, 0 as grosysid, null::bigint[] as grolist where false;

create temp view pg_settings as
select name, setting, null::varchar as unit, '' as category, '' as short_desc,
  null::varchar as extra_desc, 'internal' as context, 'string' as vartype, 'default' as source,
  null::varchar as min_val, null::varchar as max_val, null::varchar[] as enumvals,
  setting as boot_val, setting as reset_val, null::varchar as sourcefile,
  null::integer as sourceline, false as pending_restart
from (values ('server_version', '15.0'), ('server_version_num', '150000'),
  ('max_index_keys', '32'), ('max_identifier_length', '63'), ('client_encoding', 'UTF8'),
  ('server_encoding', 'UTF8'), ('standard_conforming_strings', 'on'), ('TimeZone', 'UTC'),
  ('DateStyle', 'ISO, MDY'), ('default_transaction_isolation', 'read committed'),
  ('transaction_isolation', 'read committed'), ('search_path', 'public'),
  ('default_transaction_read_only', 'on'), ('transaction_read_only', 'on'),
  ('extra_float_digits', '1'), ('bytea_output', 'hex'), ('integer_datetimes', 'on'))
  t(name, setting);

create temp view pg_tables as
select 'public' as schemaname, name as tablename, 'weir' as tableowner,
  null::varchar as tablespace, false as hasindexes, false as hasrules, false as hastriggers,
  false as rowsecurity
from weir_relations;

create temp view pg_views as
select ''::varchar as schemaname, ''::varchar as viewname, ''::varchar as viewowner,
  ''::varchar as definition where false;

create temp view pg_matviews as
select ''::varchar as schemaname, ''::varchar as matviewname, ''::varchar as matviewowner,
  ''::varchar as definition where false;

create temp view pg_description as
select 0 as objoid, 0 as classoid, 0 as objsubid, ''::varchar as description where false;

create temp view pg_shdescription as
select 0 as objoid, 0 as classoid, ''::varchar as description where false;

create temp view pg_attrdef as
select 0 as oid, 0 as adrelid, 0::smallint as adnum, ''::varchar as adbin, ''::varchar as adsrc
where false;

create temp view pg_index as
select 0 as indexrelid, 0 as indrelid, 0::smallint as indnatts, 0::smallint as indnkeyatts,
  false as indisunique, false as indnullsnotdistinct, false as indisprimary,
  false as indisexclusion, false as indimmediate, false as indisclustered, false as indisvalid,
  false as indcheckxmin, false as indisready, false as indislive, false as indisreplident,
  null::integer[] as indkey, null::bigint[] as indcollation, null::bigint[] as indclass,
  null::integer[] as indoption, ''::varchar as indexprs, ''::varchar as indpred
where false;

create temp view pg_indexes as
select ''::varchar as schemaname, ''::varchar as tablename, ''::varchar as indexname,
  ''::varchar as tablespace, ''::varchar as indexdef where false;

create temp view pg_constraint as
select 0 as oid, ''::varchar as conname, 0 as connamespace, ''::varchar as contype,
  false as condeferrable, false as condeferred, false as convalidated, 0 as conrelid,
  0 as contypid, 0 as conindid, 0 as conparentid, 0 as confrelid, ''::varchar as confupdtype,
  ''::varchar as confdeltype, ''::varchar as confmatchtype, false as conislocal,
  0 as coninhcount, false as connoinherit, null::integer[] as conkey,
  null::integer[] as confkey, ''::varchar as conbin, ''::varchar as consrc
where false;

create temp view pg_inherits as
select 0 as inhrelid, 0 as inhparent, 0 as inhseqno, false as inhdetachpending where false;

create temp view pg_am as
select 2 as oid, 'heap' as amname, '-' as amhandler, 't' as amtype;

create temp view pg_proc as
select 0 as oid, ''::varchar as proname, 0 as pronamespace, 0 as proowner, 0 as prolang,
  0 as prorettype, ''::varchar as prokind, false as proretset, false as proisagg,
  null::bigint[] as proargtypes, null::bigint[] as proallargtypes,
  null::varchar[] as proargmodes, null::varchar[] as proargnames, 0::smallint as pronargs,
  ''::varchar as prosrc, ''::varchar as provolatile, ''::varchar as proparallel,
  false as prosecdef, null::varchar[] as proacl
where false;

create temp view pg_language as
select 0 as oid, ''::varchar as lanname where false;

create temp view pg_aggregate as
select 0 as aggfnoid where false;

create temp view pg_collation as
select 100 as oid, 'default' as collname, 11 as collnamespace, 10 as collowner,
  'd' as collprovider, -1 as collencoding, ''::varchar as collcollate, ''::varchar as collctype;

create temp view pg_tablespace as
select 1663 as oid, 'pg_default' as spcname, 10 as spcowner, null::varchar[] as spcacl,
  null::varchar[] as spcoptions;

create temp view pg_trigger as
select 0 as oid, 0 as tgrelid, 0 as tgparentid, ''::varchar as tgname, 0 as tgfoid,
  0::smallint as tgtype, ''::varchar as tgenabled, false as tgisinternal, 0 as tgconstrrelid,
  0 as tgconstrindid, 0 as tgconstraint, false as tgdeferrable, false as tginitdeferred,
  0::smallint as tgnargs
where false;

create temp view pg_rewrite as
select 0 as oid, ''::varchar as rulename, 0 as ev_class, ''::varchar as ev_type,
  ''::varchar as ev_enabled, false as is_instead
where false;

create temp view pg_policy as
select 0 as oid, ''::varchar as polname, 0 as polrelid, ''::varchar as polcmd,
  false as polpermissive, null::bigint[] as polroles, ''::varchar as polqual,
  ''::varchar as polwithcheck
where false;

create temp view pg_statistic_ext as
select 0 as oid, 0 as stxrelid, ''::varchar as stxname, 0 as stxnamespace, 0 as stxowner,
  0 as stxstattarget, null::integer[] as stxkeys, null::varchar[] as stxkind
where false;

create temp view pg_publication as
select 0 as oid, ''::varchar as pubname, false as puballtables where false;

create temp view pg_publication_rel as
select 0 as oid, 0 as prpubid, 0 as prrelid, ''::varchar as prqual, null::integer[] as prattrs
where false;

create temp view pg_publication_namespace as
select 0 as oid, 0 as pnpubid, 0 as pnnspid where false;

create temp view pg_foreign_table as
select 0 as ftrelid, 0 as ftserver, null::varchar[] as ftoptions where false;

create temp view pg_foreign_server as
select 0 as oid, ''::varchar as srvname where false;

create temp view pg_enum as
select 0 as oid, 0 as enumtypid, 0::real as enumsortorder, ''::varchar as enumlabel where false;

create temp view pg_range as
select 0 as rngtypid, 0 as rngsubtype where false;

create temp view pg_depend as
select 0 as classid, 0 as objid, 0 as objsubid, 0 as refclassid, 0 as refobjid,
  0 as refobjsubid, ''::varchar as deptype
where false;

create temp view pg_extension as
select 0 as oid, ''::varchar as extname, 0 as extnamespace, ''::varchar as extversion where false;

create temp view pg_sequence as
select 0 as seqrelid, 0 as seqtypid where false;

create temp view pg_sequences as
select ''::varchar as schemaname, ''::varchar as sequencename where false;

create temp view pg_stat_user_tables as
select oid as relid, 'public' as schemaname, name as relname, 0::bigint as n_live_tup
from weir_relations;

create temp view pg_operator as
select 0 as oid, ''::varchar as oprname, 0 as oprnamespace, 0 as oprleft, 0 as oprright,
  0 as oprresult, 0 as oprcode
where false;

create temp view pg_opclass as
select 0 as oid, ''::varchar as opcname where false;

create temp view pg_cast as
select 0 as oid, 0 as castsource, 0 as casttarget, 0 as castfunc, ''::varchar as castcontext,
  ''::varchar as castmethod
where false;

create temp view pg_event_trigger as
select 0 as oid, ''::varchar as evtname where false;

create temp view pg_keywords as
select 'select' as word, 'R' as catcode;

create temp view pg_partitioned_table as
select 0 as partrelid, ''::varchar as partstrat where false;

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

create temp view information_schema_views as
select ''::varchar as table_catalog, ''::varchar as table_schema, ''::varchar as table_name,
  ''::varchar as view_definition where false;

create temp view information_schema_table_constraints as
select ''::varchar as constraint_catalog, ''::varchar as constraint_schema,
  ''::varchar as constraint_name, ''::varchar as table_catalog, ''::varchar as table_schema,
  ''::varchar as table_name, ''::varchar as constraint_type where false;

create temp view information_schema_key_column_usage as
select ''::varchar as constraint_catalog, ''::varchar as constraint_schema,
  ''::varchar as constraint_name, ''::varchar as table_catalog, ''::varchar as table_schema,
  ''::varchar as table_name, ''::varchar as column_name, 0 as ordinal_position,
  0 as position_in_unique_constraint where false;

create temp view information_schema_referential_constraints as
select ''::varchar as constraint_catalog, ''::varchar as constraint_schema,
  ''::varchar as constraint_name, ''::varchar as unique_constraint_catalog,
  ''::varchar as unique_constraint_schema, ''::varchar as unique_constraint_name where false;

create temp view information_schema_routines as
select ''::varchar as routine_catalog, ''::varchar as routine_schema,
  ''::varchar as routine_name, ''::varchar as routine_type, ''::varchar as data_type where false;

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
create temp macro current_setting(a) as case lower(a) when 'server_version_num' then '150000' when 'server_version' then '15.0' when 'search_path' then 'public' when 'max_index_keys' then '32' when 'timezone' then 'UTC' when 'client_encoding' then 'UTF8' when 'transaction_isolation' then 'read committed' when 'default_transaction_read_only' then 'on' when 'max_identifier_length' then '63' end;
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
create temp macro quote_ident(a) as case when a ~ '[a-z_][a-z0-9_]*' then a else '"' || replace(a, '"', '""') || '"' end;
create temp macro quote_literal(a) as '''' || replace(a::varchar, '''', '''''') || '''';
create temp macro array_upper(a, b) as len(a);
create temp macro array_lower(a, b) as case when len(a) > 0 then 1 end;
create temp macro array_ndims(a) as case when len(a) > 0 then 1 end;
create temp macro _pg_expandarray(a) as {'x': a[1], 'n': 1};
create temp macro pg_typeof(a) as lower(typeof(a));
create temp macro to_regclass(a) as null::bigint;
create temp macro to_regtype(a) as null::bigint;
create temp macro regexp_substr(a, b) as regexp_extract(a, b), (a, b, c) as regexp_extract(substr(a, c), b);
create temp macro regexp_instr(a, b) as case when regexp_matches(a, b) then strpos(a, regexp_extract(a, b)) else 0 end, (a, b, c) as case when regexp_matches(substr(a, c), b) then c else 0 end;
create temp macro regexp_remove(a, b) as regexp_replace(a, b, '', 'g');
create temp macro textin(a) as a;
create temp macro charindex(a, b) as strpos(b, a);
create temp macro byteaout(a) as a::varchar;
create temp macro "isnull"(a, b) as coalesce(a, b);
create temp macro txid_current() as 0::bigint;
create temp macro inet_server_addr() as null::varchar;
create temp macro inet_server_port() as 0;
create temp macro format_type(t, m) as case t when 16 then 'boolean' when 17 then 'bytea' when 18 then '"char"' when 19 then 'name' when 20 then 'bigint' when 21 then 'smallint' when 23 then 'integer' when 25 then 'text' when 26 then 'oid' when 114 then 'json' when 700 then 'real' when 701 then 'double precision' when 1042 then 'character' when 1043 then 'character varying' when 1082 then 'date' when 1083 then 'time without time zone' when 1114 then 'timestamp without time zone' when 1184 then 'timestamp with time zone' when 1186 then 'interval' when 1700 then 'numeric' when 2950 then 'uuid' when 1007 then 'integer[]' when 1009 then 'text[]' when 1016 then 'bigint[]' when 1022 then 'double precision[]' else '???' end;
create temp macro pg_operator_is_visible(a) as true;

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

create temp view pg_auth_members as
select 0 as roleid, 0 as member, 0 as grantor, false as admin_option where false;
