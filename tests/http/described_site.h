/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The site and the resources that the walk through the description makes. JSON with ' for ". */

/* With everything that a site may have. */
#define SITE(price)                                                                               \
	"{'name':'Test site (invented)','time_zone':'Europe/Paris','market':'EU','currency':"     \
	"'EUR','locale':'fr-FR','tax_bp':2000,'grace_minutes':59,'opening':[{'days':[1,2,3,4,5]," \
	"'from':'08:00','until':'18:00'}],'special_days':[{'date':'2031-12-24','opening':["       \
	"{'from':'08:00','until':'12:00'}]},{'date':'2031-12-26','opening':[]}],'holidays':["     \
	"'2031-05-01'],'handover_minutes':15,'return_minutes':15,'collect_minutes':120,"          \
	"'late_minutes':60,'wait_minutes':90,'cover_fresh_days':30,'hold_minutes':60,"            \
	"'name_driver_days':45,"                                                                  \
	"'protected':[{'class':'levante','seats':1,'days':200,'for':['immobile']}],"              \
	"'appointments':{'reception_minutes':15,'hand_back_minutes':15,'customers_per_day':8,"    \
	"'workshop_minutes_per_day':2400,'workshop_kept_minutes':480,'latest':'48_hours',"        \
	"'reserved':[{'days':[1,2,3,4,5],'from':'11:00','until':'12:00'}],'peak':[{'days':[1,2,"  \
	"3,4,5],'from':'08:00','until':'09:00'}],'templates':[{'work_minutes':480,'times':["      \
	"'09:30','10:30']}]},"                                                                    \
	"'settled_hours':12,'upgrades':[{"                                                        \
	"'class':'grecale','to':['levante']}],"                                                   \
	"'offer_minutes':1440,'max_service_distance_km':100,'accompanied_max_km':25,'tariff':{"   \
	"'loaner_brand':{'unit':'day','price':" price ",'classes':{'grecale':{'km_per_day':200,"  \
	"'extra_km':30,'deposit_minor':50000,'excess_minor':150000}}},"                           \
	"'taxi':{'unit':'trip','trips':2,'price':2500},'rental':{'unit':'day','price':7000},"     \
	"'pickup_delivery':{'unit':'leg','legs':2,'base':3000,'per_km':100}},"                    \
	"'texts':{'welcome':{'fr':'Bonjour','en':'Hello'},'sign':'Bien'},"                        \
	"'phone':'+33 4 65 71 00 99','address':'9 rue de la Demo'}"
#define RESOURCE(kind, solutions, seats, more)                                      \
	"{'site':'T1','kind':'" kind "','solutions':[" solutions "],'class':'" kind \
	"','label':'" kind " (invented)','seats':" seats ",'status':'active'" more "}"
