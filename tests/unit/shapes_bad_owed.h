/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* For test_shapes.c: what is wrong with what is said of a task, a contact, a complaint. */

static const struct bad bad_owed[] = {
	{&shape_task_done, "{'note':''}", "/note"},
	{&shape_task_done, "{'note':7}", "/note"},
	{&shape_task_done, "{'customer_confirmed':1}", "/customer_confirmed"},
	{&shape_task_done, "{'done':true}", "/done"},
	{&shape_task_move, "{'due_at':'2026-03-18T10:00'}", "/reason"},
	{&shape_task_move, "{'reason':'x'}", "/due_at"},
	{&shape_task_move, "{'due_at':'tomorrow','reason':'x'}", "/due_at"},
	{&shape_contact, "{'site':'LYO','direction':'in','channel':'phone'}", "/reason"},
	{&shape_contact, "{'site':'LYO','direction':'by','channel':'phone','reason':'x'}",
		"/direction"},
	{&shape_contact, "{'site':'LYO','direction':'in','channel':'fax','reason':'x'}",
		"/channel"},
	{&shape_contact,
		"{'site':'LYO','direction':'in','channel':'sms','reason':'x','promises':[{'kind':"
		"'flowers'}]}",
		"/promises/0/kind"},
	{&shape_contact_transfer, "{}", "/to"},
	{&shape_contact_transfer, "{'to':''}", "/to"},
	{&shape_contact_transfer, "{'to':'a','by':'b'}", "/by"},
	{&shape_contact_answered, "{'answers':''}", "/answers"},
	{&shape_contact_answered, "{'answers':[]}", "/answers"},
	{&shape_contact_answered, "{'text':'x'}", "/text"},
	{&shape_complaint, "{'site':'LYO','category':'late','channel':'sms','text':'x'}", "/about"},
	{&shape_complaint,
		"{'site':'LYO','about':{'kind':'house','id':'x'},'category':'late','channel':"
		"'sms','text':'x'}",
		"/about/kind"},
	{&shape_complaint,
		"{'site':'LYO','about':{'kind':'visit','id':'x'},'category':'noise','channel':"
		"'sms','text':'x'}",
		"/category"},
	{&shape_complaint_answer, "{'text':'x'}", "/agreed"},
	{&shape_complaint_answer, "{'agreed':true}", "/text"},
	{&shape_complaint_answer, "{'agreed':1,'text':'x'}", "/agreed"},
	{&shape_complaint_step, "{}", "/text"},
	{&shape_complaint_step, "{'text':''}", "/text"},
	{&shape_complaint_step, "{'text':'x','next_at':'soon'}", "/next_at"},
	{&shape_satisfaction, "{}", "/score"},
	{&shape_satisfaction, "{'score':11}", "/score"},
	{&shape_satisfaction, "{'score':5,'recommend':-1}", "/recommend"},
	{&shape_task_hand_over, "{}", "/to"},
	{&shape_task_hand_over, "{'to':'no body'}", "/to"},
	{&shape_task_hand_over, "{'to':'advisor','reason':''}", "/reason"},
	{&shape_site, SITE_WITH("'deadlines':[{'on':true}]"), "/deadlines/0/rule"},
	{&shape_site, SITE_WITH("'deadlines':[{'rule':'LEX-6','on':1}]"), "/deadlines/0/on"},
	{&shape_site, SITE_WITH("'deadlines':[{'rule':'LEX-6','hours':1}]"), "/deadlines/0/hours"},
	{&shape_site, SITE_WITH("'appointments':{'reception_minutes':15}"),
		"/appointments/customers_per_day"},
	{&shape_site, SITE_WITH("'appointments':{'reception_minutes':50,'customers_per_day':9}"),
		"/appointments/reception_minutes"},
	{&shape_site,
		SITE_WITH("'appointments':{'reception_minutes':15,'customers_per_day':9,'latest':"
			  "'soon'}"),
		"/appointments/latest"},
	{&shape_site,
		SITE_WITH("'appointments':{'reception_minutes':15,'customers_per_day':9,'reserved'"
			  ":[{'days':[1],'from':'12:00','until':'11:00'}]}"),
		"/appointments/reserved/0/until"},
	{&shape_site,
		SITE_WITH("'appointments':{'reception_minutes':15,'customers_per_day':9,'templates'"
			  ":[{'work_minutes':60,'times':[]}]}"),
		"/appointments/templates/0/times"},
};
