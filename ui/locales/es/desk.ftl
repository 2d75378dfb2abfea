# La ventana. Lo que comparte con la línea de órdenes está en core.ftl y cli.ftl; la bandeja y las notificaciones tienen tray.ftl.

## Cualquier vista

desk-loading = Leyendo
desk-fault = Gatehouse no responde: { $detail }. No se decidió nada. Cierre esta ventana y ábrala de nuevo desde la bandeja.
desk-driven = Un programa puede pulsar los botones de esta ventana: su automatización está activada. Lo que se responde aquí cuenta como respondido en un terminal. Si no ha sido usted, salga de Gatehouse e inícielo desde su menú.
desk-navigation = Vistas
desk-waiting = En espera
desk-connectors = Conectores
desk-coverage = Cobertura
desk-gaps = { $count ->
    [one] { $count } laguna
   *[other] { $count } lagunas
}
desk-back = Volver
desk-later = Más tarde
desk-review = Revisar…
desk-dismiss = Cerrar
desk-undo = Deshacer (30 s)
desk-your-mark = Su marca, la misma en cada pregunta auténtica:
desk-watching = { $count ->
    [one] Se vigila { $count } archivo
   *[other] Se vigilan { $count } archivos
}
desk-mode = Modo
desk-mode-managed = El modo lo fija la directiva de la organización.
desk-look-ups = Consultas
desk-look-ups-on = Encendidas
desk-look-ups-off = Apagadas
desk-look-ups-on-means = Se pregunta a los registros y a una base de avisos por paquetes públicos, por nombre y versión.
desk-look-ups-off-means = No se envía nada. Las versiones nuevas se ven cuando ya se descargaron.
card-registry-says = lo dice el registro, sin más comprobación
desk-pause = Pausar una hora
desk-resume = Terminar la pausa
desk-no-tray = Aquí no hay bandeja: nada en este escritorio muestra la marca de Gatehouse. Vigila igualmente. Para volver a abrir esta ventana, inicie Gatehouse otra vez.
desk-alarm = Alarma
desk-news = Decisiones de los últimos instantes
desk-decided = { $name } ({ $client }): { $answer }, { $by }.
desk-decided-terminal = Aprobado en un terminal: { $name } ({ $client }).
desk-undone = Vuelve el estado anterior. Un servidor que se haya iniciado entretanto sigue hasta que su cliente lo cierre.

## La ficha: estado y título

card-state-new = Nuevo
card-state-changed = Cambiado
card-state-artefact = Código nuevo
card-held-since = retenido desde { $since }
card-held-in = retenido en { $held } de { $all } lugares
card-held-nowhere = sin retener, se ejecuta ya
card-lede-new = Si lo añadió usted, apruébelo. Si no, manténgalo retenido.
card-lede-new-running = Se ejecuta ya. Si lo añadió usted, apruébelo. Si no, reténgalo.
card-lede-new-unholdable = Se ejecuta ya. Si no lo añadió usted, desactívelo en el propio { $client }.
card-lede-new-managed = Se ejecuta ya. Su organización lo instaló en este equipo; si no lo esperaba, pregunte a quien lo administra.
card-lede-changed = Lo que arrancaría ahora no es lo que estaba en vigor.
card-lede-artefact = El código pasó de { $old } a { $new } sin que cambiara un byte de su configuración. Puede que ya se haya ejecutado una vez.
card-asked-means = Esta decisión se pidió por debajo de ese programa. No se cambió nada; decide usted aquí.
card-stale = Cambió mientras se mostraba, así que no se decidió nada. Así está ahora.
card-redrawn = Cambió mientras se mostraba. Así está ahora.
card-gone = Esta pregunta terminó por sí sola: la entrada ya no está, o se decidió en otro lugar.
card-monitor = El modo es observar: no se retiene nada, y se ejecuta ya.
card-paused = En pausa hasta { $until }: no se retiene nada nuevo, y se ejecuta ya.
card-unholdable = No se puede retener en este lugar, y se ejecuta ya.
card-unholdable-off = Desactívelo en el propio { $client }.
card-tracked = git sigue { $file }, así que una entrada retenida aparece ahí como un cambio. Gatehouse puede preguntar antes en { $folder }: entonces lo que ahí espera vuelve ahora, y se ejecuta hasta que usted decida.
card-ask-only = Solo preguntar en este proyecto
card-asks-only = En este proyecto se pregunta desde ahora, y nada se retiene antes de que usted decida. Lo que estaba retenido aquí ha vuelto a su archivo.
card-before = Antes
card-changes = Qué cambió

## La ficha: la imagen. Un cliente, un camino, una puerta y lo que pasaría por ella.

passage-row = { $client }: { $state }. Al otro lado de la puerta: { $what }.
stands-held-since = retenido desde { $since }
stands-held = retenido
stands-on-restart = retenido cuando se reinicie
stands-unknown = retenido; puede seguir abierto
stands-runs = sin retener, se ejecuta ya
stands-unholdable = aquí no se puede retener
stands-contested = retenido de nuevo cada vez que vuelve

## La ficha: filas

card-same-launch = El mismo arranque en todos: una pregunta, una decisión.
card-floating = Toma la versión más nueva en cada arranque, porque no se indica ninguna.
card-floating-image = Su nombre puede llevar a otra imagen cada vez que se descarga, porque no se indica ningún resumen.
card-bytes = En este equipo
card-in-file = La entrada del archivo
card-source = { $source }, { $at }
card-not-run-mark = No se hizo
card-other-findings = Otras observaciones
card-nothing-else = No se desinstala nada y sus ajustes se conservan. Puede liberarlo en cualquier momento.
card-when = Cuándo surte efecto
card-client-when = { $client }:

## La ficha: respuestas

card-keep-held = Mantener retenido
card-keep-approved = Mantener el aprobado
card-hold = Retener
card-approve-open = Aprobar…
card-approve = Aprobar
card-remove-open = Quitar…
card-remove = Quitar
card-more-open = Más…
card-deny = Denegar
card-release = Liberar
card-approve-how = ¿Cómo aprobarlo?
card-remove-how = ¿Quitarlo?
card-more-how = Otra respuesta
how-pin = Aprobar y fijar en { $version }
how-pin-any = Aprobar y fijar
how-pin-means = La entrada se edita para indicar exactamente esta versión. Por una más nueva se vuelve a preguntar.
how-this-version = Aprobar { $version }, solo esta versión
how-this-version-any = Aprobar exactamente esto
how-this-version-means = Se ejecutan este arranque y este código. Por cualquier otro se vuelve a preguntar.
how-updates = Aprobar las actualizaciones de este editor
how-updates-means = Mismo editor, repositorio y firma, sin guion de instalación nuevo y no demasiado reciente.
how-developing = Aprobar como código propio en desarrollo
how-developing-means = Los cambios de este código se anotan, sin preguntar.
how-not-offered = No se ofrece: { $reason }
how-only-here = Solo en esta entrada, no dondequiera que aparezca el arranque
how-remove-means = Queda fuera de todos los clientes, como con Denegar. Los bytes que se guardan se borran a los 30 días.
how-keep-held-means = Queda fuera, y solo se vuelve a preguntar si cambian el arranque o el código.
how-deny-means = Se retiene dondequiera que aparezca este arranque, sin volver a preguntar.
how-release-means = La entrada vuelve sin aprobación. Con el próximo cambio se vuelve a preguntar.
how-type-name = Se sabe que es malicioso. Para aprobarlo de todos modos, escriba su nombre:
card-settling = Un momento: la ficha acaba de aparecer o de cambiar.
card-enter-never = Intro nunca aprueba. Use la barra espaciadora o el puntero.
card-silence-held = Sigue retenido hasta que usted decida. Esc vuelve a preguntar más tarde.
card-silence-part = Lo retenido sigue retenido hasta que usted decida. Esc vuelve a preguntar más tarde.
card-silence-runs = Se ejecuta hasta que usted decida. Esc vuelve a preguntar más tarde.

## La lista de lo que espera

waiting-title = { $count ->
    [0] Nada espera su decisión
    [one] { $count } conector espera su decisión
   *[other] { $count } conectores esperan su decisión
}
waiting-none = Aquí se pregunta por los conectores nuevos y cambiados. Hasta entonces todo queda como usted lo decidió.
waiting-all-held = Todos están retenidos, y así siguen hasta que usted diga otra cosa.
waiting-some-held = { $count ->
    [one] { $count } de { $all } está retenido; los demás se ejecutan ya.
   *[other] { $count } de { $all } están retenidos; los demás se ejecutan ya.
}
waiting-none-held = Ninguno está retenido: se ejecutan ya.
waiting-list = En espera; primero, los que conviene mirar de cerca
waiting-select = Seleccionar { $name }
waiting-new = Nuevo: { $runs }
waiting-changed = { $facet }: { $old } → { $new }
waiting-artefact = Código nuevo, misma configuración: { $old } → { $new }
waiting-different = Aquí se aprueba uno por uno, porque son { $count } arranques distintos.
waiting-one-launch = Todos los marcados comparten un arranque, así que basta una aprobación.
waiting-ticked-none = No hay nada marcado.
waiting-malicious = Se sabe que uno de ellos es malicioso, así que se aprueba uno por uno.
waiting-keep = { $count ->
    [one] Mantener { $count } retenido
   *[other] Mantener { $count } retenidos
}
waiting-remove-open = Quitar { $count }…
waiting-remove = Quitar { $count }
waiting-approve-open = Aprobar { $count }…
waiting-approve = Aprobar { $count }
waiting-silence = Nada se decide por esperar. Esc vuelve a preguntar más tarde.
waiting-open-connectors = Todos los conectores

## El inventario

inventory-sum = { $count } en { $clients ->
    [one] { $clients } cliente.
   *[other] { $clients } clientes.
} Todo lo que sus clientes arrancarían.
inventory-search = Buscar nombre, paquete, ruta
inventory-filter = Filtrar por situación
inventory-none = Ningún conector coincide.
inventory-empty = Ningún cliente de este equipo indica todavía un conector.
inventory-column-name = Conector
inventory-column-trust = Confianza
inventory-column-places = Lugares
inventory-column-status = Situación
inventory-places = { $count ->
    [one] { $count } lugar
   *[other] { $count } lugares
}
# $name: el conector
inventory-places-of = Lugares de { $name }
inventory-pinned = { $version }, fijada
inventory-floating = { $version }, sin fijar
inventory-floating-any = sin fijar
inventory-remote = remoto
inventory-local = en este equipo
inventory-found-none = nada que señalar
inventory-unchecked = sin comprobar
inventory-in-part = nada, en parte
inventory-waits = en espera
inventory-waits-running = en espera, sin retener
inventory-unreviewed = { $count ->
    [one] { $count } conector se dejó pasar antes de que nadie lo revisara.
   *[other] { $count } conectores se dejaron pasar antes de que nadie los revisara.
}

## El detalle de un conector

detail-hold = Retener
detail-revoke = Retirar la decisión
detail-entry = anotación { $number }
detail-id = Identificador en el terminal:
detail-history-none = El libro de registro todavía no dice nada de él.
detail-history-fault = No se puede leer la historia.

## Copiar

copy-launch = Copiar lo que se ejecuta
copy-id = Copiar el identificador
copy-done = Copiado
copy-selected = Sin copiar. Queda seleccionado: cópielo con el teclado.

## Cobertura

coverage-title = Dónde mira Gatehouse
coverage-lede = No leído no es lo mismo que vacío. Por eso figura aquí, con su estado, cada lugar que podría contener un conector.
settings-title = { $count ->
    [one] { $count } ajuste permite a un cliente actuar sin preguntar
   *[other] { $count } ajustes permiten a un cliente actuar sin preguntar
}
settings-means = Están en los archivos de los propios clientes. Gatehouse los lee y no los cambia.
age-limits-title = { $count ->
    [0] Las versiones nuevas esperan antes de ejecutarse
   *[other] Gestores de paquetes que ejecutan versiones nuevas al momento, { $count }
}
age-limits-means = Aparte de fijar la versión, el límite de edad del propio gestor es lo que frena una versión nueva antes de su primer arranque.
age-limit-means = Se añade una línea a sus propios ajustes de { $tool }. Vale para todo lo que { $tool } descargue.
age-limit-set = Que las versiones nuevas esperen { $days } días
age-limit-take-back = Retirar lo que escribió Gatehouse
age-limit-was-set = El límite de edad está en sus propios ajustes. En la lista de conectores se puede retirar.
age-limit-was-undone = Los ajustes están como antes.
coverage-gaps = { $count ->
    [0] Sin lagunas
   *[other] Lagunas, { $count }
}
coverage-gaps-means = Los conectores de aquí no se ven.
coverage-part = Visto en parte, { $count }
coverage-part-means = El tipo de lugar pone el límite.
coverage-good = Leídos, { $count }
coverage-good-means = Estos se vigilan.
coverage-absent-show = Mostrar los lugares
coverage-absent-title = Ausentes, { $count }
coverage-absent-means = Ahí no hay nada todavía. Se ve en cuanto aparece.
coverage-head-message = Qué hacer
coverage-held-more = { $count ->
    [one] { $count } retenido
   *[other] { $count } retenidos
}
coverage-retry = Se vuelve a mirar por sí solo.

## Primera ejecución, y tras una pérdida

sheet-title-first = { $count ->
    [0] Aquí no había conectores todavía
    [one] { $count } conector ya estaba aquí
   *[other] { $count } conectores ya estaban aquí
}
sheet-lede-first = { $clients ->
    [0] Desde ahora Gatehouse pregunta por lo nuevo o cambiado, y solo por eso.
    [one] Gatehouse los encontró en { $clients } cliente y los dejó como estaban. Cuentan como no revisados. Desde ahora pregunta por lo nuevo o cambiado, y solo por eso.
   *[other] Gatehouse los encontró en { $clients } clientes y los dejó como estaban. Cuentan como no revisados. Desde ahora pregunta por lo nuevo o cambiado, y solo por eso.
}
sheet-title-loss = Se perdió el registro de sus decisiones
sheet-lede-loss = { $count ->
    [one] Lo que estaba en vigor sigue en vigor, y lo retenido sigue retenido. { $count } conector cuenta como no revisado hasta que usted lo mire de nuevo.
   *[other] Lo que estaba en vigor sigue en vigor, y lo retenido sigue retenido. { $count } conectores cuentan como no revisados hasta que usted los mire de nuevo.
}
sheet-look = Conviene mirarlos, { $count }
sheet-look-means = Algo en ellos no encaja. Siguen funcionando hasta que usted decida.
sheet-rest = Los demás, { $count }
sheet-rest-means = Las comprobaciones hechas no señalan nada. Eso no es una prueba; mire los nombres.
sheet-all = Seleccionar todos
sheet-none = No seleccionar ninguno
sheet-approve-name = Aprobar { $name }
sheet-mode = Desde ahora
sheet-mode-ask = Preguntar
sheet-mode-ask-means = Lo nuevo o cambiado se retiene hasta que usted decida.
sheet-mode-monitor = Observar
sheet-mode-monitor-means = Lo nuevo o cambiado se anota y se avisa. No se retiene nada.
sheet-places = { $read ->
    [one] Se leyó { $read } archivo
   *[other] Se leyeron { $read } archivos
}{ $gaps ->
    [0] .
    [one] ; { $gaps } no se pudo leer. Figura en Cobertura.
   *[other] ; { $gaps } no se pudieron leer. Figuran en Cobertura.
}
sheet-promise = Gatehouse detecta, pregunta y desactiva entradas en archivos de configuración. No es un entorno aislado.
sheet-approve = Aprobar { $count }
sheet-leave = Dejar todos sin revisar
sheet-done = Listo
sheet-refused = { $count ->
    [one] { $count } no se aprobó: { $reason }
   *[other] { $count } no se aprobaron: { $reason }
}
drift-title = Qué cambió en su código
drift-more = { $count ->
    [one] y uno más
   *[other] y { $count } más
}: `gatehouse diff { $id }` lo muestra todo, línea a línea.
drift-fault = No se puede decir qué cambió.
