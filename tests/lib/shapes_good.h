/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Good documents of every shape, as the contract writes them, and macros to vary them. JSON is
 * written with ' for " (tests/lib/shaping.h). All names and numbers are invented.
 */

#include "server/shapes.h"

#define LYO                                                                              \
	"'site':'LYO','name':'Garage Exemple','time_zone':'Europe/Paris','market':'EU'," \
	"'currency':'EUR','locale':'fr-FR','grace_minutes':59,"                          \
	"'opening':[{'days':[1,2,3,4,5],'from':'08:30','until':'18:30'}],"               \
	"'handover_minutes':30,'return_minutes':15,'max_service_distance_km':100,"       \
	"'accompanied_max_km':25,"
#define TARIFF "'tariff':{'loaner_brand':{'unit':'day','price':9000}}"
#define SITE_WITH(more) "{" LYO more "," TARIFF "}"
#define SITE_TARIFF(tariff) "{" LYO "'tariff':" tariff "}"
#define CAR_WITH(more)                                                               \
	"{'site':'LYO','kind':'car','solutions':['loaner_brand'],'class':'grecale'," \
	"'label':'Grecale 1','status':'active'" more "}"
#define JOBS "'jobs':[{'type':'warranty_repair','immobilisation_minutes':900}]"
#define OFFER_WITH(more) "{'site':'LYO'," JOBS ",'drop_off_at':'2026-03-16T08:30:00+01:00'" more "}"
#define BOOKING_WITH(more) "{'offer':'b3BhcXVl','solution':'loaner_brand'" more "}"
#define PERSON_WITH(more)                                                   \
	"{'segment':'private','language':'fr','preferred_channel':'phone'," \
	"'person':{'name':'Exemple'" more "}}"
#define FROM_UNTIL "'from':'2026-03-16T08:30:00+01:00','until':'2026-03-18T17:00:00+01:00'"

static const struct shapes_good {
	const struct shape *shape;
	const char *source;
} shapes_good[] = {
	{&shape_site, "{" LYO TARIFF "}"},
	{&shape_site,
		SITE_WITH(
			"'tax_bp':2000,'holidays':['2026-05-01'],'special_days':[{'date':'2026-12-"
			"24',"
			"'opening':[{'from':'09:00','until':'12:00'}]},{'date':'2026-12-26','"
			"opening':[]}],"
			"'collect_minutes':120,'late_minutes':60,'name_driver_days':45,"
			"'wait_minutes':90,'cover_fresh_"
			"days':30,"
			"'offer_minutes':1440,'hold_minutes':60,'protected':[{'class':'grecale',"
			"'seats':1,'days':1,'for':['immobile','warranty']},{'seats':1,'days':3}],"
			"'settled_hours':24,'upgrades':[{'class':'grecale','to':['levante']}],"
			"'texts':{'welcome':{'fr':'Bonjour',"
			"'en':'Hello'},'sign':'A bient\\u00f4t'},'phone':'+33 4 00 00 00 00',"
			"'address':'1 rue Exemple\\n69000 Lyon'")},
	{&shape_site,
		SITE_TARIFF("{'loaner_brand':{'unit':'day','price':9000,'classes':{'grecale':{'"
			    "price':9900,"
			    "'km_per_day':200,'extra_km':30,'deposit_minor':50000,'excess_minor':"
			    "150000}}},"
			    "'pickup_delivery':{'unit':'leg','legs':2,'base':3000,'per_km':100},"
			    "'taxi':{'unit':'trip','trips':2,'price':2500},'wait_on_site':{'unit':'"
			    "none'}}")},
	{&shape_resource, CAR_WITH(",'seats':1")},
	{&shape_resource,
		CAR_WITH(",'resource':'CAR-1','seats':1,'shared_with':[{'site':'VIL','transfer_"
			 "minutes':45}],"
			 "'plate':'GA-001-AA','vin':'zam00000000000009','features':['automatic','"
			 "tow_bar'],"
			 "'energy':'petrol','turnaround_minutes':30,'in_service_on':'2026-01-01',"
			 "'out_of_service_on':'2027-01-01','insurance_until':'2026-12-31',"
			 "'inspection_until':'2030-01-01','odometer_km':8120,'now':{'where':'P2','"
			 "key':'K7',"
			 "'ready':true,'fuel_percent':80,'charge_percent':null,'damages':['scratch,"
			 " left door']}")},
	{&shape_resource,
		"{'site':'LYO','kind':'desk','solutions':[],'class':'desk','label':'Comptoir',"
		"'seats':2,'status':'active'}"},
	{&shape_customer, PERSON_WITH("")},
	{&shape_customer,
		"{'customer':'C1','external':[{'system':'dms','id':'4711'}],'segment':'vip',"
		"'language':'it','preferred_channel':'none','person':{'name':'Rossi','title':'Dott."
		"ssa',"
		"'phone':'+39 00 0000','email':'rossi@example.org','address':'Via Esempio 1',"
		"'birth_on':'1980-04-12','licence':{'number':'X1','country':'IT','categories':"
		"[{'code':'B','since':'1999-06-01'}],'expires_on':'2033-01-19'}}}"},
	{&shape_vehicle, "{'model':'Grecale'}"},
	{&shape_vehicle, "{'vin':'ZAM00000000000001','external':[{'system':'dms','id':'9'}],'plate'"
			 ":'AB-123-CD',"
			 "'model':'Ghibli','owner':'C1','odometer_km':41250,'immobile':false,'"
			 "warranty_locked':false,"
			 "'flags':['vip visit'],'campaigns':[{'number':'R-77','open':true,"
			 "'read_at':'2026-03-01T09:00:00Z'}],'cover_checked':{'at':'2026-03-15T09:"
			 "00:00+01:00',"
			 "'by':'anna','source':'maker portal'},'coverages':[{'programme':'NVW36',"
			 "'start_on':'2024-05-02','ends_on':null,'owner_id':'C1','suspended_days':"
			 "0,'uses':0,"
			 "'claim_ref':null,'source':'portal','read_at':'2026-03-15T09:00:00Z'},"
			 "{'programme':'INS-STD','claim_ref':''}]}"},
	{&shape_ruleset,
		"{'version':'2026.1','valid_from':'2026-01-01','solution_order':['loaner_brand'],"
		"'job_types':['recall'],'segments':['private'],'driver_limits':{},'programmes':"
		"[{'id':'RECALL','months':null,'benefits':{}}],'documents_by_solution':{},"
		"'documents':{'driving_licence':{'who':'customer','original':true,'names':{'fr':'"
		"permis'}}},"
		"'condition_rules':[{'when':'solution = rental','key':'card_deposit'}]}"},
	/* section 4, as it stands there */
	{&shape_offer_request,
		"{'site':'LYO','visit':null,'vin':'ZAM00000000000001','customer':null,'odometer_km'"
		":41250,"
		"'language':'fr','jobs':[{'type':'warranty_repair','immobilisation_minutes':900}],"
		"'immobile':false,'campaign_open':false,'need':null,"
		"'drop_off_at':'2026-03-16T08:30:00+01:00','ready_at':'2026-03-18T17:00:00+01:00',"
		"'loan_from':'2026-03-16T08:30:00+01:00','loan_to':'2026-03-18T17:00:00+01:00',"
		"'distance_km':12,'driver':{'birth_on':'1980-04-12','licence_on':'1999-06-01'},"
		"'authorisations':[],'goodwill':null}"},
	{&shape_offer_request, OFFER_WITH("")},
	{&shape_offer_request,
		OFFER_WITH(",'vin':null,'odometer_km':null,'language':null,'immobile':null,"
			   "'campaign_open':null,'ready_at':null,'loan_from':null,'loan_to':null,"
			   "'distance_km':null,'driver':null,'authorisations':null")},
	{&shape_offer_request,
		OFFER_WITH(",'authorisations':[{'programme':'NVW36','extra_days':3,'ref':'A-1','"
			   "reason':null}],"
			   "'goodwill':{'percent_bp':5000,'payer':'dealer','cost_code':'GW',"
			   "'authorisation_ref':null,'solutions':['rental']}")},
	{&shape_merge, "{'into':'C1'}"},
	{&shape_cover_check, "{'source':'maker portal','nothing_found':true}"},
	{&shape_cover_check, "{'source':'portal','coverages':[{'programme':'NVW36'}]}"},
	{&shape_ready, "{}"},
	{&shape_ready, "{'where':'wash','key':'K1','fuel_percent':100,"
		       "'charge_percent':0,'damages':[]}"},
	{&shape_block, "{" FROM_UNTIL ",'reason':'recall'}"},
	{&shape_block, "{" FROM_UNTIL ",'reason':'recall','preview':true}"},
	{&shape_visit_open, "{'site':'LYO','drop_off_at':'2026-03-16T08:30'}"},
	{&shape_visit_open,
		"{'offer':'b3Bh','site':'LYO','vin':'ZAM00000000000001','customer':'C1'," JOBS ","
		"'drop_off_at':'2026-03-16T08:30:00+01:00','ready_at':'2026-03-18T17:00:00+01:00',"
		"'estimate':'likely','answer':'agreed','said':'Votre voiture de pr\\u00eat est "
		"offerte.',"
		"'value_minor':27000,'follows':'v0','repair_order':'RO-5512','need':'child seat',"
		"'review_at':'2026-03-17T10:00:00+01:00'}"},
	{&shape_visit_change, "{}"},
	{&shape_visit_change,
		"{'ready_at':'2026-03-19T17:00:00+01:00','estimate':'firm','answer':'waits_here',"
		"'arrived_at':'2026-03-16T08:20:00+01:00','repair_order':'RO-1','need':'x',"
		"'review_at':'2026-03-17T10:00:00+01:00','customer':'C1','vin':'ZAM00000000000001'"
		"}"},
	{&shape_booking_make, BOOKING_WITH("")},
	{&shape_booking_make,
		BOOKING_WITH(",'class':'grecale'," FROM_UNTIL
			     ",'customer':'C1','visit':'v1','resource':'CAR-1',"
			     "'hold_minutes':60,'accept_customer_minor':2500,'check_"
			     "out':{'odometer_km':8120},"
			     "'drivers':[{'name':'Exemple','birth_on':'1980-04-12','"
			     "licence':{'number':'X'}}],"
			     "'handover':{'at':'2026-03-16T08:30:00+01:00','where':'"
			     "doorstep','with':'Anna'},"
			     "'return':{'where':'key_box'},'legs_address':'1 rue Exemple'")},
	{&shape_visit_bookings, "{'bookings':[" BOOKING_WITH("") "," BOOKING_WITH("") "]}"},
	{&shape_empty, "{}"},
	{&shape_book, "{}"},
	{&shape_book, "{'customer':'C1'}"},
	{&shape_cancel, "{'reason':'the customer called'}"},
	{&shape_no_show, "{}"},
	{&shape_reschedule, "{" FROM_UNTIL "}"},
	{&shape_reschedule, "{" FROM_UNTIL ",'class':'levante'}"},
	{&shape_reschedule, "{" FROM_UNTIL ",'preview':true}"},
	{&shape_change, BOOKING_WITH("")},
	{&shape_change, BOOKING_WITH(",'preview':true")},
	{&shape_change,
		BOOKING_WITH(",'class':'levante'," FROM_UNTIL
			     ",'resource':'CAR-1','accept_customer_minor':2500,"
			     "'handover':{'where':'doorstep','with':'Anna'},"
			     "'return':{'where':'key_box'},'legs_address':'1 rue Exemple'")},
	{&shape_move, "{'resource':'CAR-2'}"},
	{&shape_move, "{'resource':'CAR-2','preview':null}"},
	{&shape_check_out, "{}"},
	{&shape_check_out,
		"{'resource':'CAR-1','at':'2026-03-16T08:45:00+01:00','odometer_km':8120,'fuel_"
		"percent':100,"
		"'charge_percent':0,'documents_checked':['driving_licence','identity_document'],"
		"'licence_checked_at':'2026-03-16T08:38:00+01:00',"
		"'agreement_signed_at':'2026-03-16T08:40:00+01:00','odometer_vehicle_km':41250}"},
	{&shape_check_out, "{'documents_checked':true}"},
	{&shape_check_out, "{'where':'key_box','key_box':'4','code_given_by':'sms','keys':2,"
			   "'damages':[{'zone':'bonnet','kind':'chip'},'hail everywhere'],"
			   "'drivers':[{'name':'B. Fable','birth_on':'1984-01-02','licence':{"
			   "'number':'12AB'}}]}"},
	{&shape_check_out, "{'where':'doorstep','address_confirmed':true,'handed_to':'C. Fable',"
			   "'damages':[{'zone':'left_mirror','kind':'crack','note':'6 cm'}]}"},
	{&shape_check_in, "{}"},
	{&shape_check_in, "{'keys':1,'key_box':'4','damages':[{'zone':'roof','kind':'dent'}]}"},
	{&shape_check_in, "{'at':'2026-03-18T17:05:00+01:00','left_at':'2026-03-18T16:50:00+01:00',"
			  "'odometer_km':8391,"
			  "'fuel_percent':50,'charge_percent':80,'damages':['rim, front right'],"
			  "'charges':[{'kind':'fuel','amount_minor':4200,'payer':'customer','"
			  "evidence':'receipt'},"
			  "{'kind':'late','amount_minor':0}]}"},
	{&shape_exchange, "{'resource':'CAR-2','in':{},'out':{},'reason':'warning lamp'}"},
	{&shape_exchange, "{'resource':'CAR-2','in':{'left_at':'2026-03-18T16:50:00+01:00',"
			  "'odometer_km':8391,'damages':['rim'],'charges':[{'kind':'fuel',"
			  "'amount_minor':4200}]},'out':{'at':'2026-03-18T17:05:00+01:00',"
			  "'odometer_km':120,'fuel_percent':100,'documents_checked':true,"
			  "'agreement_signed_at':'2026-03-18T17:00:00+01:00'},'reason':'lamp'}"},
	{&shape_extend, "{'until':'2026-03-19T17:00:00+01:00','reason':'part is late'}"},
	{&shape_extend, "{'until':'2026-03-19T17:00','reason':'part is late','agreed':true}"},
	{&shape_extend, "{'until':'2026-03-19T17:00','reason':'x','preview':true}"},
	{&shape_late, "{'expected_at':'2026-03-18T18:00:00+01:00','heard':'by phone'}"},
	{&shape_late, "{'expected_at':'2026-03-18T18:00','heard':'x','preview':false}"},
	{&shape_correct, "{'pointer':'/out/odometer_km','value':8120,'reason':'read twice'}"},
	{&shape_correct, "{'pointer':'/charges/12/amount_minor','value':0,'reason':'x'}"},
	{&shape_correct, "{'pointer':'/out/documents_checked','value':true,'reason':'x'}"},
	{&shape_correct, "{'pointer':'/out/documents_checked','value':['id_card'],'reason':'x'}"},
	{&shape_correct, "{'pointer':'/in/damages','value':['rim'],'reason':'x'}"},
	{&shape_correct, "{'pointer':'/repair_order','value':'RO-1','reason':'x'}"},
	{&shape_correct, "{'pointer':'/in/at','value':'2026-03-18T17:05','reason':'x'}"},
	{&shape_task_done, "{}"},
	{&shape_task_done, "{'customer_confirmed':true}"},
	{&shape_task_done, "{'note':'called back, agreed to a Levante'}"},
	{&shape_task_move, "{'due_at':'2026-03-18T10:00','reason':'asked to be called then'}"},
	{&shape_contact,
		"{'site':'LYO','direction':'in','channel':'phone','reason':'how long, and what "
		"instead','customer':'C1','questions':['the price of the tyres'],'promises':[{"
		"'kind':'callback','at':'2026-03-18T10:00','owner':'advisor'}],'handed_to':"
		"'advisor','consent':{'reminders':true},'confirmed':['phone']}"},
	{&shape_contact_transfer, "{'to':'advisor'}"},
	{&shape_contact_answered, "{}"},
	{&shape_complaint,
		"{'site':'LYO','about':{'kind':'booking','id':'01ARZ3NDEKTSV4RRFFQ69G5FAV'},"
		"'category':'late','channel':'importer','text':'an hour at the desk'}"},
	{&shape_complaint_answer, "{'text':'a free day','agreed':true}"},
	{&shape_complaint_step, "{'text':'paid'}"},
	{&shape_satisfaction, "{'score':9,'recommend':10,'comment':'kind'}"},
	{&shape_task_hand_over, "{'to':'advisor'}"},
	{&shape_task_hand_over, "{'to':'advisor','reason':'knows the car'}"},
	{&shape_site,
		SITE_WITH("'deadlines':[{'rule':'CIT-6.2','on':true,'owner':'advisor','escalate_"
			  "to':'manager'},{'rule':'LEX-6','on':false}]")},
	{&shape_site,
		SITE_WITH("'appointments':{'reception_minutes':15,'customers_per_day':12,"
			  "'workshop_minutes_per_day':2400,'workshop_kept_minutes':480,'latest':"
			  "'two_working_days','reserved':[{'days':[1,2],'from':'11:00','until':"
			  "'12:00'}],'templates':[{'work_minutes':480,'times':['09:30']}]}")},
	{&shape_waiting_add, BOOKING_WITH("")},
	{&shape_waiting_add, BOOKING_WITH(",'class':'grecale'," FROM_UNTIL
					  ",'customer':'C1','visit':'v1','hold_minutes':60")},
	{&shape_sign_in, "{'name':'anna.rossi','password':'x'}"},
	{&shape_sign_in_first, "{'token':'b3BhcXVl','name':'anna','password':'correct horse'}"},
	{&shape_password_change, "{'old':'x','new':'correct horse'}"},
	{&shape_user, "{'role':'auditor'}"},
	{&shape_user,
		"{'name':'anna','role':'advisor','sites':['T1','T2'],'password':'correct horse',"
		"'disabled':true}"},
	{&shape_webhook_make, "{'url':'https://dms.example/hook'}"},
	{&shape_webhook_replay, "{'site':'LYO','entry':7}"},
	{&shape_token_make, "{'name':'the DMS','role':'operator','sites':['T1']}"},
	{&shape_repair_order, "{'number':'RO-1','opened_at':'2031-03-03T08:00:00Z'}"},
	{&shape_repair_order,
		"{'number':'RO-1','opened_at':'2031-03-03T08:00:00Z','closed_at':"
		"'2031-03-05T17:00:00Z','ready_at':'2031-03-05T16:00:00Z','odometer_in':41250,"
		"'odometer_out':41260,'lines':[{'type':'warranty_repair','operation':'4711',"
		"'count':2}],'parts_delay_reason':'back order','claim_number':'C','authorisation':"
		"'A','invoice':{'reference':'F-1','supplier':'Fable Rental','net_minor':12000},"
		"'papers':[{'name':'order.pdf','bytes':9,'sha256':"
		"'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}]}"},
	{&shape_import, "{'mapping':'[columns]','parts':["
			"'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']}"},
	{&shape_claim_draft, "{'programme':'NVW36'}"},
	{&shape_claim_draft, "{'programme':'NVW36','payer':'manufacturer'}"},
	{&shape_claim_reason, "{'reason':'wrong programme'}"},
	{&shape_claim_export, "{'reference':'MOD-1'}"},
	{&shape_claim_accept, "{'amount_minor':18000,'reference':'MOD-1'}"},
	{&shape_claim_charge_back,
		"{'amount_minor':18000,'reason':'no photo','reference':'MOD-1'}"},
	{&shape_attach,
		"{'kind':'damage_photo','moment':'check_out','parts':["
		"'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],'zone':'roof'"
		"}"},
	{&shape_agreement,
		"{'language':'it','resource':'C-1','odometer_km':15230,'fuel_percent':80,"
		"'charge_percent':10,'keys':2,'where':'doorstep','damages':['hail',{'zone':"
		"'bonnet','kind':'chip'}],'drivers':[{'name':'B. Fable'}]}"},
	{&shape_sign,
		"{'sha256':'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',"
		"'signature':{'path':'M1 2 L3 4'},'odometer_km':15230}"},
	{&shape_note, "{'text':'two keys\\nhanded out'}"},
};
