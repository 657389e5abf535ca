/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_said.h"

static void contacts(struct caller *c, const struct told *over)
{
	struct told t = CALL(c, 201, "POST", "/v1/contacts",
		text_of(c,
			"{'site':'T1','direction':'in','channel':'phone','reason':'the invoice',"
			"'vin':'ZAMDEMC1T0D200008','visit':'%s','booking':'%s',"
			"'questions':['why the tyres'],'promises':[{'kind':'follow_up'}],"
			"'consent':{'reminders':true,'greetings':false,'survey':true},"
			"'confirmed':['phone','email']}",
			member_of(c, over, "visit"), member_of(c, over, "booking")));
	assert_string_equal(member_of(c, &t, "customer"), "C8");
	CALL(c, 200, "GET", t.location, NULL);
	CALL(c, 422, "POST", "/v1/contacts",
		"{'site':'T1','direction':'in','channel':'phone','reason':'x','customer':'none'}");
	const char *transfer = text_of(c, "%s/transfer", t.location);
	CALL(c, 200, "POST", transfer, "{'to':'first'}");
	struct told again = CALL(c, 409, "POST", transfer, "{'to':'first'}");
	assert_string_equal(member_of(c, &again, "type"), "/problems/transferred");
	const char *answered = text_of(c, "%s/answered", t.location);
	CALL(c, 200, "POST", answered, "{'answers':'they were worn'}");
	CALL(c, 409, "POST", answered, "{}");
	CALL(c, 201, "POST", "/v1/contacts",
		"{'site':'T1','direction':'out','channel':'sms','reason':'thanks'}");
	CALL(c, 201, "POST", "/v1/contacts",
		"{'site':'T1','direction':'in','channel':'web','reason':'opening hours'}");
	CALL(c, 200, "GET", "/v1/contacts?site=T1&customer=C8", NULL);
	CALL(c, 200, "GET", "/v1/contacts?site=T1&limit=1", NULL);
	t = CALL(c, 200, "GET", "/v1/tasks?site=T1&status=open", NULL);
	assert_non_null(strstr(t.body.p, "\"kind\":\"follow_up\""));
}

static void complaints(struct caller *c, const struct told *over)
{
	struct told t = CALL(c, 201, "POST", "/v1/complaints",
		text_of(c,
			"{'site':'T1','about':{'kind':'booking','id':'%s'},'category':'late',"
			"'channel':'importer','text':'an hour at the desk','owner':'first'}",
			member_of(c, over, "booking")));
	CALL(c, 200, "GET", t.location, NULL);
	CALL(c, 422, "POST", "/v1/complaints",
		"{'site':'T1','about':{'kind':'visit','id':'none'},'category':'late','channel':"
		"'sms','text':'x'}");
	struct told tasks = CALL(c, 200, "GET", "/v1/tasks?site=T1&status=open", NULL);
	assert_non_null(strstr(tasks.body.p, "\"kind\":\"complaint\""));
	CALL(c, 200, "POST", text_of(c, "%s/answer", t.location),
		"{'text':'a free day','agreed':true}");
	CALL(c, 200, "POST", text_of(c, "%s/solve", t.location), "{'text':'he had it'}");
	struct told solved =
		CALL(c, 409, "POST", text_of(c, "%s/solve", t.location), "{'text':'again'}");
	assert_string_equal(member_of(c, &solved, "complaint_status"), "solved");
	CALL(c, 200, "POST", text_of(c, "%s/reopen", t.location), "{'text':'not yet'}");
	for (int i = 0; i < 2; i++)
		CALL(c, 201, "POST", "/v1/complaints",
			"{'site':'T1','about':{'kind':'customer','id':'C8'},'category':'quality',"
			"'channel':'phone','text':'a rattle'}");
	CALL(c, 200, "GET", "/v1/complaints?site=T1", NULL);
	CALL(c, 200, "GET", "/v1/complaints?site=T1&status=open", NULL);
}

void describe_said(struct caller *c, const struct told *over)
{
	contacts(c, over);
	complaints(c, over);
	desk_verb(c, 200, over, "satisfaction", "{'score':9,'recommend':10,'comment':'kind'}");
	desk_verb(c, 409, over, "satisfaction", "{'score':9}");
	CALL(c, 200, "GET", over->location, NULL);
	struct told t =
		CALL(c, 200, "GET", "/v1/voice?site=T1&from=2026-01-01&until=2028-01-01", NULL);
	assert_int_equal(json_count(json_get(t.json, "satisfaction")), 1);
	assert_int_equal(json_int_at(json_get(t.json, "complaints"), "taken", 0), 3);
}

void describe_late(struct caller *c)
{
	struct told t = CALL(c, 201, "POST", "/v1/complaints",
		"{'site':'T3','about':{'kind':'customer','id':'C8'},'category':'other','channel':"
		"'importer','text':'nobody calls'}");
	struct told task = CALL(c, 200, "GET", "/v1/tasks?site=T3&status=open", NULL);
	const char *path = NULL;
	struct json all = json_get(task.json, "items");
	for (struct json e = json_first(all); json_present(e); e = json_next(all, e))
		if (str_is(json_str_at(e, "kind"), "complaint"))
			path = text_of(c, "/v1/tasks/%.*s", STR_FMT(json_str_at(e, "task")));
	assert_non_null(path);
	/* whatever frees a place brings the tick: nobody waits half a minute */
	struct told block = CALL(c, 201, "POST", "/v1/resources/T3-car/blocks",
		"{'from':'2032-06-02T09:00','until':'2032-06-03T09:00','reason':'workshop'}");
	CALL_WITH(c, 204, "DELETE", block.location, NULL, .if_match = "*");
	call_hear(c, &t, "T3", path + sizeof "/v1/tasks/" - 1);
	task = CALL(c, 200, "GET", path, NULL);
	assert_int_equal(json_int_at(task.json, "escalated", 0), 1);
	assert_string_equal(member_of(c, &task, "escalated_to"), "first");
}
