// What eKuiper 2.4 offers its clients by name: what is here and not in our registries is what the compatibility page lists as missing.

/** Method and path of every route of its REST API, without those of the Go profiler. */
export const kuiperRoutes: readonly string[] = `
GET /
POST /
GET /ping
GET /stop
POST /stop
PATCH /configs
GET /metrics
GET /metrics/dump/check
GET /metrics/dump
POST /batch/req
POST /tracer
GET /trace/:traceId
GET /trace/rule/:ruleId
GET /streams
POST /streams
GET /streamdetails
GET /streams/:name
PUT /streams/:name
DELETE /streams/:name
GET /streams/:name/schema
GET /tables
POST /tables
GET /tabledetails
GET /tables/:name
PUT /tables/:name
DELETE /tables/:name
GET /tables/:name/schema
GET /rules
POST /rules
GET /rules/:id
PUT /rules/:id
DELETE /rules/:id
GET /rules/status/all
GET /rules/:id/status
GET /v2/rules/:id/status
POST /rules/:id/start
POST /rules/:id/stop
POST /rules/:id/restart
GET /rules/:id/topo
GET /rules/:id/schema
GET /rules/:id/explain
POST /rules/validate
PUT /rules/:id/reset_state
POST /rules/:id/trace/start
POST /rules/:id/trace/stop
GET /rules/usage/cpu
GET /rules/tags/match
PUT /rules/:id/tags
PATCH /rules/:id/tags
DELETE /rules/:id/tags
POST /rules/bulkstart
POST /rules/bulkstop
GET /rules/:id/scantables
POST /ruletest
POST /ruletest/:id/start
DELETE /ruletest/:id
POST /ruleset/export
POST /ruleset/import
GET /data/export
POST /data/export
POST /data/import
GET /data/import/status
GET /v2/data/export
POST /v2/data/import
POST /async/data/import
GET /async/task/:id
POST /async/task/:id/cancel
POST /config/uploads
GET /config/uploads
DELETE /config/uploads/:name
POST /connections
GET /connections
GET /connections/:id
PUT /connections/:id
DELETE /connections/:id
GET /metadata/functions
GET /metadata/operators
GET /metadata/sources
GET /metadata/sinks
GET /metadata/connections
GET /metadata/sources/:name
GET /metadata/sinks/:name
GET /metadata/connections/:name
GET /metadata/sources/yaml/:type
GET /metadata/sinks/yaml/:type
GET /metadata/connections/yaml/:type
PUT /metadata/sources/:type/confKeys/:key
PUT /metadata/sinks/:type/confKeys/:key
PUT /metadata/connections/:type/confKeys/:key
DELETE /metadata/sources/:type/confKeys/:key
DELETE /metadata/sinks/:type/confKeys/:key
DELETE /metadata/connections/:type/confKeys/:key
GET /metadata/resources
GET /metadata/resource
POST /metadata/sources/connection/:name
POST /metadata/sinks/connection/:name
POST /metadata/lookups/connection/:name
GET /plugins/:type
POST /plugins/:type
GET /plugins/:type/:name
PUT /plugins/:type/:name
DELETE /plugins/:type/:name
POST /plugins/functions/:name/register
GET /plugins/udfs
GET /plugins/udfs/:name
GET /plugins/:type/prebuild
GET /plugins/portables
POST /plugins/portables
GET /plugins/portables/:name
PUT /plugins/portables/:name
DELETE /plugins/portables/:name
GET /plugins/portables/:name/status
GET /schemas/:type
POST /schemas/:type
GET /schemas/:type/:name
PUT /schemas/:type/:name
DELETE /schemas/:type/:name
PUT /schemas/:type/:name/upload
GET /services
POST /services
GET /services/:name
PUT /services/:name
DELETE /services/:name
GET /services/functions
GET /services/functions/:name
GET /udf/javascript
POST /udf/javascript
GET /udf/javascript/:id
PUT /udf/javascript/:id
DELETE /udf/javascript/:id
`
  .trim()
  .split('\n');

/** Its sources and sinks, those of its own plugins too. */
export const kuiperSources: readonly string[] =
  'edgex file httppull httppush kafka memory mqtt neuron random redis redisSub simulator sql video websocket zmq'.split(' ');
export const kuiperSinks: readonly string[] =
  'edgex file image influx influx2 kafka log memory mqtt neuron nop redis redisPub rest sql sse tdengine3 websocket zmq'.split(' ');

export const kuiperFormats: readonly string[] = 'binary custom delimited json protobuf urlencoded'.split(' ');
