/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_name.h"

#include "fleet/key.h"

enum { HEADER_BYTES_MAX = 80 };

/* A member, and its names between blanks, folded as key_fold does. "Places" and "seats" are not
 * among them: a car's five seats are no allotment of five. Nor is "mileage": those are miles. */
static const struct {
	const char *member, *names;
} names[] = {
	{"customer", " client codeclient nclient noclient numeroclient customer customerid "
		     "customerno customernumber cliente codicecliente ncliente numerocliente "},
	{"owner", " client codeclient nclient noclient numeroclient customer customerid "
		  "customerno customernumber cliente codicecliente ncliente numerocliente "
		  "proprietaire owner proprietario "},
	{"segment", " segment typedeclient typeclient customertype segmento tipocliente "
		    "tipodicliente "},
	{"language", " langue language lingua "},
	{"preferred_channel",
		" canal canalprefere channel preferredchannel canale canalepreferito "},
	{"person.name", " nom nomcomplet nometprenom name fullname customername nome nominativo "
			"cognomeenome nomeecognome nomecliente nomduclient "},
	{"name", " nom name nome "},
	{"person.title", " civilite titre title titolo "},
	{"person.phone", " telephone tel portable mobile phone phonenumber telefono cellulare "},
	{"phone", " telephone tel phone telefono "},
	{"person.email", " email mail courriel adresseemail emailaddress indirizzoemail "},
	{"person.address", " adresse address indirizzo "},
	{"address", " adresse address indirizzo "},
	{"person.birth_on", " datedenaissance neele dateofbirth birthdate datadinascita natoil "},
	{"person.licence.number", " permis npermis numerodepermis numerodupermis licencenumber "
				  "licensenumber drivinglicence driverslicense patente npatente "
				  "numeropatente numerodipatente "},
	{"person.licence.country", " paysdupermis licencecountry licensecountry paesepatente "
				   "paesedellapatente "},
	{"person.licence.expires_on",
		" findevaliditedupermis licenceexpiry licenseexpiry scadenzapatente "},
	{"vin", " vin nvin chassis nchassis ndechassis numerodechassis numerodeserie "
		"chassisnumber telaio ntelaio numerotelaio numeroditelaio "},
	{"plate", " plaque immatriculation plaquedimmatriculation plate registration "
		  "registrationnumber licenceplate licenseplate numberplate targa "},
	{"model", " modele model modello "},
	{"odometer_km", " kilometrage km compteur odometer odometerkm kilometres chilometraggio "
			"chilometri "},
	{"immobile", " immobilise immobile immobilizzato "},
	{"warranty_locked", " garantiebloquee warrantylocked garanziabloccata "},
	{"resource", " ressource resource risorsa "},
	{"site", " site etablissement concession branch location sede sito "},
	{"kind", " type genre kind tipo "},
	{"solutions", " solutions soluzioni "},
	{"class", " classe class "},
	{"label", " libelle designation label etichetta descrizione "},
	{"energy", " energie carburant energy fuel energia alimentazione carburante "},
	{"features", " equipements features dotazioni "},
	{"in_service_on", " miseenservice datedemiseenservice inservice messainservizio "},
	{"out_of_service_on", " sortiedeparc outofservice uscitadalparco "},
	{"insurance_until", " findassurance finassurance assurancejusquau insuranceuntil "
			    "insuranceexpiry scadenzaassicurazione "},
	{"inspection_until", " controletechnique inspectionuntil inspectionexpiry revisione "
			     "scadenzarevisione "},
	{"status", " statut etat status stato "},
	{"source", " source fonte "},
	{"programme", " programme program programma "},
	{"start_on", " debut datededebut datedebut start startdate inizio datainizio "
		     "datadiinizio "},
	{"ends_on", " fin datedefin datefin end enddate fine datafine datadifine "},
	{"checked_at", " consultele checked verificatoil "},
	{"ref", " reference nreservation numerodereservation reservation booking "
		"bookingnumber riferimento prenotazione nprenotazione "
		"numeroprenotazione "},
	{"jobs", " travaux jobs lavori "},
	{"drop_off_at", " depot dropoff arrivee arrivo "},
	{"ready_at", " pret pretle ready pronto "},
	{"from", " du debut from start dal inizio "},
	{"until", " au fin until end al fine "},
	{"solution", " solution soluzione "},
	{"repair_order", " ordredereparation nor repairorder workorder ordinediriparazione "
			 "commessa "},
	{"number", " ordredereparation nor numerodor repairorder repairordernumber ronumber "
		   "workorder ordinediriparazione numerocommessa commessa "},
	{"opened_at", " ouvertle datedouverture ouverture opened openedon opendate apertoil "
		      "dataapertura apertura "},
	{"closed_at", " clotureele cloturele datedecloture cloture closed closedon closedate "
		      "chiusoil datachiusura chiusura "},
	{"odometer_in", " kilometrageentree kmentree mileagein odometerin kmingresso "
			"chilometraggioingresso "},
	{"odometer_out", " kilometragesortie kmsortie mileageout odometerout kmuscita "
			 "chilometraggiouscita "},
	{"lines", " lignes operations lines righe operazioni "},
	{"parts_delay_reason", " motifdelaipieces attentepieces partsdelay partsdelayreason "
			       "motivoritardoricambi attesaricambi "},
	{"claim_number", " dossiergarantie ndossier numerodedossier claim claimnumber "
			 "numeropratica pratica "},
	{"authorisation", " autorisation naccord accord authorisation authorization "
			  "autorizzazione "},
	{"invoice.reference", " facture nfacture invoice invoicenumber fattura nfattura "},
	{"invoice.supplier", " fournisseur supplier fornitore "},
};

/* The header without what does not matter, between blanks, ended by a zero. STR_NULL: none of ours
 * is so long. */
static struct str folded(char buf[HEADER_BYTES_MAX], struct str header)
{
	char folded_buf[HEADER_BYTES_MAX];
	struct str text;
	size_t n = 0;

	if (header.n + 3 > HEADER_BYTES_MAX)
		return STR_NULL;
	text = key_fold(folded_buf, sizeof folded_buf, header);
	buf[n++] = ' ';
	for (size_t i = 0; i < text.n && text.p[i] != '('; i++) {
		if (i + 1 < text.n && memcmp(text.p + i, "\xC2\xB0", 2) == 0)
			i++; /* the degree sign of "N\xC2\xB0" */
		else if (!strchr("._:/", text.p[i]))
			buf[n++] = text.p[i];
	}
	buf[n++] = ' ';
	buf[n] = '\0';
	return n > 2 ? (struct str){buf, n} : STR_NULL;
}

struct str import_name_next(struct str header, size_t *at)
{
	char buf[HEADER_BYTES_MAX];
	struct str name = folded(buf, header);

	while (name.p && *at < ARRAY_LEN(names)) {
		size_t i = (*at)++;
		if (strstr(names[i].names, name.p))
			return str_from(names[i].member);
	}
	return STR_NULL;
}
