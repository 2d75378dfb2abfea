//! The words of marks: a creature and a colour. In Spanish only colours that are nouns, which do not agree in gender.

use gatehouse_core::wording::Language;

#[rustfmt::skip]
const CREATURES: [(&str, &str); 32] = [
    ("badger", "tejón"), ("beaver", "castor"), ("bison", "bisonte"), ("camel", "camello"),
    ("crane", "grulla"), ("dolphin", "delfín"), ("eagle", "águila"), ("falcon", "halcón"),
    ("finch", "pinzón"), ("fox", "zorro"), ("gecko", "geco"), ("hare", "liebre"),
    ("hedgehog", "erizo"), ("heron", "garza"), ("ibex", "íbice"), ("jackdaw", "grajilla"),
    ("lark", "alondra"), ("lizard", "lagarto"), ("lynx", "lince"), ("magpie", "urraca"),
    ("marmot", "marmota"), ("mole", "topo"), ("moth", "polilla"), ("otter", "nutria"),
    ("owl", "búho"), ("pelican", "pelícano"), ("raven", "cuervo"), ("seal", "foca"),
    ("stork", "cigüeña"), ("swift", "vencejo"), ("toad", "sapo"), ("trout", "trucha"),
];

#[rustfmt::skip]
const COLOURS: [(&str, &str); 16] = [
    ("amber", "ámbar"), ("ash", "ceniza"), ("cinnamon", "canela"), ("copper", "cobre"),
    ("emerald", "esmeralda"), ("garnet", "granate"), ("indigo", "añil"), ("ivory", "marfil"),
    ("lilac", "lila"), ("mauve", "malva"), ("ochre", "ocre"), ("pearl", "perla"),
    ("salmon", "salmón"), ("sapphire", "zafiro"), ("turquoise", "turquesa"), ("violet", "violeta"),
];

/// Two words for two bytes.
pub(super) fn pair(language: Language, creature: u8, colour: u8) -> String {
    let creature = CREATURES[usize::from(creature) % CREATURES.len()];
    let colour = COLOURS[usize::from(colour) % COLOURS.len()];
    match language {
        Language::English => format!("{} {}", colour.0, creature.0),
        Language::Spanish => format!("{} {}", creature.1, colour.1),
    }
}
