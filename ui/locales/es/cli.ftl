# La línea de órdenes. Lo que va entre `…` se escribe tal cual.

## --help

help-usage = Uso
help-verbs = Órdenes
help-arguments = Argumentos
help-options = Opciones
help-gatehouse =
    Muestra los conectores MCP de este equipo y retiene los nuevos y los cambiados hasta que usted decida.

    Edita entradas de archivos de configuración. No es un entorno aislado: un programa que se ejecuta con su usuario puede eludirlo, y deja rastro.
help-exit-codes =
    ID son los primeros dígitos del número de un conector, o cliente/nombre.

    Códigos de salida:
       0  hecho
       1  no se entendió la línea de órdenes
       2  no se hizo, o no se leyó aunque se pidió
      10  con --fail-on: la peor observación es baja
      11  … media
      12  … alta
      13  … crítica
      20  con --fail-on-waiting: hay una pregunta en espera
    2 prevalece sobre 20, y 20 sobre 10 a 13.
help-arg-help = Mostrar la ayuda
help-arg-version = Mostrar la versión
help-arg-lang = Idioma de los mensajes; si no se indica, el del sistema
help-arg-verbose = Contar por stderr lo que se hace
help-arg-format = table para personas, json para programas
help-arg-id = Primeros dígitos del número del conector, o cliente/nombre
help-arg-note = Una nota que se guarda con la decisión

help-scan = Enumerar los conectores, de todo el equipo o de los archivos indicados
help-scan-paths = Archivos que leer en lugar de todo el equipo
help-scan-client = Cliente al que pertenecen los archivos, si la ruta no lo dice
help-scan-offline = No abrir ninguna conexión, digan lo que digan los ajustes
help-scan-fail_on = Terminar con 10 a 13 si una observación es así de grave o peor
help-scan-fail_on_waiting = Terminar con 20 si hay una pregunta en espera
help-show = Mostrar todo sobre un conector, y su historia
help-diff = Mostrar qué cambió en el código que hay detrás de un conector desde que se aprobó
help-diff-from = Comparar con esta versión en lugar de la aprobada
help-diff-to = Comparar esta versión en lugar de la que se ejecutaría ahora
help-approve = Dejar que un conector se ejecute
help-approve-this_version = Aprobar este arranque y este código (lo predeterminado)
help-approve-pin = Escribir antes en la entrada la versión exacta: la que se ejecuta, o VERSION (para una imagen, su resumen sha256:)
help-approve-updates = Aprobar las actualizaciones de este editor
help-approve-developing = Aprobar código propio en una carpeta en desarrollo
help-approve-only_here = Solo en esta entrada, no dondequiera que aparezca el arranque
help-approve-typed_name = El nombre del conector; hace falta si se sabe que es malicioso
help-keep = Decidir que un conector retenido siga retenido
help-keep-approved = Volver a escribir el arranque aprobado de un conector cambiado
help-hold = Retener un conector que se ejecuta, o confirmar uno retenido
help-deny = Retener este arranque dondequiera que aparezca, sin volver a preguntar
help-remove = Denegarlo y borrar a los 30 días lo que se guardó de él
help-release = Devolver una entrada a su sitio sin aprobarla
help-coverage-all = También cada lugar donde no hay nada
help-release-all = Devolver todo a su sitio y, desde ahora, solo observar
help-release-malicious_too = Con --all: también lo que se sabe que es malicioso
help-revoke = Retirar la aprobación o la negativa de un conector
help-unpin = Volver a escribir lo que había en la entrada antes de `approve --pin`
help-undo = Deshacer la decisión del último medio minuto sobre un conector (con un guardián en marcha)
help-review = Recorrer lo que nadie ha decidido
help-watch = Poner en marcha el guardián en este terminal
help-log = Enumerar lo visto, lo decidido y lo hecho
help-log-verify = Comprobar que no se cambió, añadió ni quitó ninguna anotación
help-log-network = Listar cada petición que se envió a un registro
help-coverage = Enumerar cada lugar que puede tener conectores, y si se leyó
help-doctor = Examinar el estado del propio Gatehouse
help-status = Mostrar el modo, el guardián y lo que espera
help-mode = Mostrar o fijar el modo
help-mode-mode = monitor: anotar y avisar, sin editar nada; ask: retener lo nuevo y lo cambiado
help-cli-approvals = Mostrar o fijar quién puede aprobar desde un terminal
help-cli-approvals-setting = allow: usted; desk: cada aprobación pasa a ser una pregunta en el guardián; never: nadie
help-look-ups = Mostrar o fijar si se pregunta a los registros por los paquetes que ejecutan los conectores
help-look-ups-setting = on; off, como al principio; now: preguntar ya por todos; token: guardar el token para el servicio de repositorios que llega por la entrada estándar; no-token: olvidarlo
help-pause = No retener nada nuevo durante un rato
help-pause-duration = Como 30m, 2h o 1h30m; si no se indica, 1h; off termina la pausa
help-policy = Mostrar las reglas vigentes y de dónde viene cada una, o comprobar un archivo de ajustes
help-policy-show = Mostrar cada ajuste, su valor y qué lo fijó
help-policy-check = Decir si un archivo se entendería
help-policy-check-file = El archivo
help-age-limit = Decir qué versiones jóvenes ejecutan npm y uv, o limitarlas en los ajustes propios
help-age-limit-tool = Cuál de los dos; sin él se dicen todos, también bun y pnpm
help-age-limit-set = Escribir el límite, 14 días o los que se digan; cambia una línea
help-age-limit-undo = Retirar lo último que se escribió, byte por byte
help-folder = Fijar qué se hace con los conectores de una carpeta
help-folder-path = La carpeta; los proyectos que contiene se encuentran solos
help-folder-rule = ask: retener y preguntar; notify: preguntar antes; ignore; developing: código propio
help-folder-put_back = Con notify: lo que ahí espera respuesta vuelve a sus archivos
help-help = Explicar el código de una observación, o una orden
help-help-code = Un código, como floating-version, o una orden
help-completions = Escribir los completados para un intérprete de órdenes
help-completions-shell = bash, elvish, fish, powershell o zsh

## Una línea de órdenes que no se entendió

usage-missing-value = A { $argument } le falta un valor.
usage-invalid-value = «{ $value }» no es un valor para { $argument }.
usage-possible = Posibles: { $possible }.
usage-unknown-argument = «{ $argument }» no se conoce aquí.
usage-unknown-verb = No existe la orden «{ $verb }».
usage-conflict = { $argument } no puede ir junto a { $other }.
usage-conflict-alone = { $argument } no puede ir junto a lo demás.
usage-twice = { $argument } aparece dos veces.
usage-missing-argument = Falta esto: { $arguments }.
usage-missing-verb = Falta una orden.
usage-number-of-values = { $argument } tiene valores de más o de menos.
usage-no-equals = Escriba { $argument } con un signo igual ante su valor.
usage-not-text = Una parte no es UTF-8 válido.
usage-not-understood = La línea de órdenes no se entendió.
usage-similar = Parecido: { $similar }.
usage-duration = Una duración se escribe como 30m, 2h o 1h30m.
usage-duration-above-zero = Una duración tiene que ser mayor que cero.
usage-days = Los días son un número entero de 1 a 3650.
usage-help = No se hizo nada. `{ $command }` dice más.

## Cualquier orden

connector-line = { $name } ({ $client }, { $id })
no-guard = No hay ningún guardián en marcha: los conectores nuevos no se retienen hasta que lo haya.
done-recorded = Anotado.
done-release-all = { $count ->
    [0] No había nada retenido. El modo es ahora observar: ya no se retiene nada.
    [one] Queda liberado { $count } conector. El modo es ahora observar: ya no se retiene nada.
   *[other] Quedan liberados { $count } conectores. El modo es ahora observar: ya no se retiene nada.
}
done-pause = No se retiene nada nuevo hasta { $until }.
done-pause-off = La pausa ha terminado.
asked-at-desk = Esto ha pasado a ser una pregunta en el escritorio. No se cambió nada.
asked-at-desk-by = Lo pidió { $client }, así que ha pasado a ser una pregunta en el escritorio. No se cambió nada.
mode-monitor-means = anota y avisa, no edita nada.
mode-ask-means = retiene lo nuevo y lo cambiado, y pregunta.
mode-lockdown-means = deja que se ejecute solo lo que permite la directiva de la organización.
cli-approvals-allow-means = las aprobaciones desde un terminal cuentan. Las que pide un cliente pasan a ser una pregunta en el guardián, si hay alguien ante él.
cli-approvals-desk-means = las aprobaciones desde un terminal pasan a ser una pregunta en el guardián: en su propio terminal o ventana.
cli-approvals-never-means = nada se aprueba, se libera ni se relaja desde un terminal; solo en el propio guardián.
look-ups-on-means = Se pregunta a los registros por los paquetes que ejecutan los conectores, y a servicios qué se sabe de ellos: avisos, entradas, repositorios. Se envían nombres públicos y versiones, nada más; cada consulta está en gatehouse log --network.
look-ups-off-means = No se envía nada a nadie. No se sabe si espera una versión más nueva, quién la publicó ni cuándo.
look-ups-kept-off = Su ajuste está en on, pero un archivo de ajustes mantiene apagadas las consultas: gatehouse policy show. No se envía nada.
look-ups-token-kept = El token está en el almacén de secretos de este sistema. Solo se muestra a { $host }, que así responde más veces. gatehouse look-ups no-token lo olvida.
look-ups-token-there = Hay un token para { $host } en el almacén de secretos de este sistema.
look-ups-token-forgotten = El token ya no está en el almacén de secretos.
look-ups-token-none = No había ningún token.
look-ups-asked = Se pregunta a los registros. Lo que dicen está en `gatehouse show ID`, cada petición en `gatehouse log --network`.
requests-none = Nunca se envió ninguna petición.
request-unchanged = sin cambios
request-for-versions = versiones
request-for-advisories = avisos
request-for-attestations = atestación
request-for-publishers = quién publica
request-for-listings = registro de conectores
request-for-signatures = claves de un registro
request-for-repositories = repositorio
request-for-opinions = segunda opinión
request-for-domains = dominio
request-for-images = imagen
request-for-archive = archivo
policy-none = Ningún archivo de ajustes dice nada.
policy-value = { $key }: { $value }
policy-from-default = de serie
policy-from-decided = fijado por usted
policy-from-organisation = fijado por su organización en { $path }
policy-from-named = fijado por { $name } en { $path }
policy-from-user = fijado en { $path }
policy-problems = No cuenta como se quiso:
policy-good = { $path } se entiende.
folder-ask = los conectores de ahí se retienen hasta que usted decida.
folder-notify = por los conectores de ahí se pregunta, sin retenerlos antes de que decida.
folder-ignore = los conectores de ahí se pasan por alto.
folder-developing = el código de ahí es propio, en desarrollo.
progress-files = Leyendo
progress-verify = Comprobando

## Problemas

problem-token-at-terminal = Un token tecleado quedaría a la vista. No se guardó nada. Páselo por la entrada estándar: gh auth token | gatehouse look-ups token
problem-no-token = Lo que llegó no es un token: se espera una línea sin espacios. No se guardó nada.
problem-no-repository-host = El ajuste repositoryService no es una dirección, así que no hay a quién mostrar un token. No se guardó nada. Vea gatehouse policy show.
problem-no-secret-store = Esta sesión no tiene almacén de secretos, y un token no se guarda en ningún otro sitio. No se guardó nada. Inicie un llavero (GNOME Keyring, KWallet) e inténtelo de nuevo.
problem-secret-store-closed = El almacén de secretos está cerrado o no responde. No se cambió nada. Ábralo e inténtelo de nuevo.
problem-unknown-client = { $path } no pertenece a ningún cliente conocido. No se cambió nada. Indique el cliente con --client.
problem-no-such-client = Ningún cliente se llama { $client }. No se cambió nada. `gatehouse coverage` los enumera.
problem-ledger = No se puede leer el libro de registro: { $detail }. No se cambió nada, y lo retenido sigue retenido. `gatehouse doctor` dice más.
problem-newer-ledger = El libro de registro lo escribió una versión más nueva de Gatehouse. No se cambió nada. Use esa versión.
problem-no-answer = El guardián no responde, no se cambió nada. Ciérrelo e inícielo de nuevo.
problem-guard-gone = El guardián terminó antes de responder. No se sabe si hizo lo pedido: `gatehouse status` lo dice.
problem-no-answer-pid = El guardián no responde, no se cambió nada. Ciérrelo (proceso { $pid }) e inícielo de nuevo.
problem-protocol = El guardián habla el protocolo { $theirs }, y este programa, el { $ours }. No se cambió nada. Inicie de nuevo el guardián con esta versión.
problem-busy = Ya hay otro guardián en marcha. No se cambió nada. Ciérrelo antes.
problem-busy-pid = Ya hay otro guardián en marcha ({ $kind }, proceso { $pid }). No se cambió nada. Ciérrelo antes.
problem-data-folder = La carpeta de datos { $path } no se puede usar: { $detail }. No se cambió ningún archivo de configuración.
problem-watcher = No se pueden vigilar los archivos: { $detail }. No se cambió ningún archivo de configuración.
problem-guard-ended = El guardián terminó por sí solo. Lo retenido sigue retenido. `gatehouse doctor` dice más.
problem-signals = No se puede preparar el final del programa: { $detail }. No se cambió nada.
problem-no-such-code = No hay ningún código ni orden que se llame { $name }. Los códigos están junto a las observaciones en `gatehouse show`.

## Un archivo que no se puede interpretar

syntax-heading = { $path } no se puede interpretar
syntax-plain = { $path }:{ $line }:{ $column }: { $reason }
syntax-help = El archivo no se cambió, y sus conectores no se muestran. Corrija la línea; los valores se muestran como asteriscos.

## scan, show, status, coverage

scan-findings = { $count ->
    [one] { $count } observación, { $severity }
   *[other] { $count } observaciones, la peor { $severity }
}
scan-switched-off = desactivado en { $client }
# Encabeza lo que inicia lo mismo en varios archivos
scan-several-places = En varios lugares
scan-none = Ningún conector en { $files ->
    [one] { $files } archivo.
   *[other] { $files } archivos.
}
scan-connectors = { $count ->
    [one] { $count } conector
   *[other] { $count } conectores
}
scan-settings = Ajustes que permiten a un cliente actuar sin preguntar:
scan-sum = { $connectors } en { $files ->
    [one] { $files } archivo.
   *[other] { $files } archivos.
}
scan-waiting = { $count ->
    [one] { $count } conector espera su decisión: `gatehouse review`.
   *[other] { $count } conectores esperan su decisión: `gatehouse review`.
}
scan-unread = { $count ->
    [one] { $count } lugar no se leyó: `gatehouse coverage`.
   *[other] { $count } lugares no se leyeron: `gatehouse coverage`.
}
scan-not-run = Sin comprobar: { $code } ({ $reason }), en { $count ->
    [one] { $count } conector.
   *[other] { $count } conectores.
}
card-code = Código
card-code-diff = Qué cambió en él: gatehouse diff { $id }
diff-title = { $name } ({ $client })
diff-old = Antes
diff-new = Ahora
diff-version-unknown = no dice su versión
diff-passages = Líneas, primero las de riesgo
diff-left-out = { $count ->
    [one] No se muestra un pasaje más.
   *[other] No se muestran { $count } pasajes más.
}
diff-unreadable = Comparados solo por lo que dicen y pueden hacer, porque sus líneas no las ha escrito una persona: { $files }
diff-more = y { $count } más
show-history = Historia
status-mode = Modo
status-pause = Pausa
status-paused-until = No se retiene nada nuevo hasta { $until }.
status-guard = Guardián
status-guard-running = en marcha ({ $kind })
status-guard-none = no hay ninguno en marcha: los conectores nuevos no se retienen hasta que lo haya.
status-ledger = Registro
status-ledger-unverified = { $state }; las aprobaciones siguen vigentes, sin verificar
status-connectors = Conectores
status-waiting = En espera
status-gaps = Cobertura
status-none = ninguno
coverage-head-client = Cliente
coverage-head-state = Estado
coverage-head-count = Entradas
coverage-head-path = Lugar
coverage-held = (+{ $count } retenidas)
# $count: lugares sin archivo; $clients: los clientes a los que pertenecen
coverage-nothing = { $count ->
    [one] No hay nada para { $clients } (1 lugar; un guardián en marcha ve lo que aparezca allí). `gatehouse coverage --all` lo muestra.
   *[other] No hay nada en { $count } lugares de { $clients }. Un guardián en marcha ve lo que aparezca allí. `gatehouse coverage --all` los muestra.
}
coverage-sum = { $read ->
    [one] { $read } leído
   *[other] { $read } leídos
}, { $absent ->
    [one] { $absent } ausente
   *[other] { $absent } ausentes
}, { $gaps } sin leer.

## Fichas

card-new = Se añadió { $name } a { $client }
card-changed = Cambió el arranque de { $name } en { $client }
card-artefact = Código nuevo en { $name }, misma configuración ({ $client })
card-unreviewed = { $name } se ejecuta en { $client } sin que nadie lo haya revisado
card-nothing = (sin valor)
card-was = antes
card-now = ahora
card-where = Dónde
card-line = , línea { $line }
card-project = En { $project }
card-readers = También lo leen { $readers }
card-can = Qué puede hacer
card-runs = Qué se ejecuta
card-provenance = Procedencia
card-findings = Observaciones
card-passed = { $count ->
    [one] Nada que señalar en { $count } comprobación.
   *[other] Nada que señalar en { $count } comprobaciones.
}
card-not-run = Sin comprobar: { $code } ({ $reason }).
card-no-check = No se hizo ninguna comprobación.
card-if-held = Si se retiene
card-without = Sin { $name }, en { $client } todo sigue como antes.
card-not-held = { $name } se ejecuta en { $client } tal como está. Retenerlo lo pone fuera del alcance del cliente; se guarda cada byte.
card-previous = Anterior
card-previous-since = Retenido desde antes de que este arranque ocupara su lugar, { $since }.
card-previous-approved = Está aprobado: `gatehouse keep-approved { $id }` lo devuelve en lugar de este.
card-previous-kept = Se guarda cada byte: cambie el nombre de esta entrada en el archivo o quítela, y `gatehouse release { $id }` devuelve aquel.
card-under-git = Bajo git
# $folder: el proyecto, como lo lee un intérprete de comandos
card-folder-offer = git sigue { $file }, así que una entrada retenida aparece ahí como un cambio. Para que en este proyecto solo se pregunte, con lo que espera de vuelta: `gatehouse folder { $folder } notify --put-back`
card-question = Pregunta
card-question-since = espera su decisión; planteada { $since }
card-approval = Aprobación
card-approved = { $kind }, { $reach }, dada { $by }, { $at }
card-unverified = Sin verificar: sin la clave del libro de registro no se puede probar quién lo anotó. Sigue en vigor.
card-fingerprint = Huella
card-integrity = Integridad
approval-exact = este arranque y este código
approval-continuity = actualizaciones de este editor
approval-development = código propio en desarrollo
approval-everywhere = dondequiera que aparezca
approval-here = solo en esta entrada

## Respuestas. Se escribe la letra entre corchetes.

ask-held = [k] mantener retenido (Intro) · [a] aprobar · [o] solo aquí · [d] denegar · [r] quitar · [l] liberar · [s] mostrar · [n] más tarde:
ask-held-with-approved = [K] mantener el aprobado (Intro) · [k] mantener retenido · [a] aprobar · [o] solo aquí · [d] denegar · [r] quitar · [l] liberar · [s] mostrar · [n] más tarde:
ask-running = [n] más tarde (Intro) · [a] aprobar · [o] solo aquí · [h] retener · [d] denegar · [r] quitar · [s] mostrar:
ask-which = ¿Cuál, de 1 a { $count }? [n] más tarde:
ask-list = { $count } conectores esperan su decisión:
ask-more-wait = { $count } esperan su decisión.
ask-changed-meanwhile = Cambió mientras se mostraba. Así está ahora:
ask-look-again = La ficha acaba de cambiar. Mírela y responda de nuevo.
ask-later = Más tarde. No se decidió nada; `gatehouse review` vuelve a preguntar.
ask-nobody = No hay nadie en el terminal. Lo que espera sigue esperando.
ask-name = Se sabe que { $name } es malicioso. Para aprobarlo de todos modos, escriba su nombre:
ask-name-differs = Ese es otro nombre. No se cambió nada.

## review

review-none = Nada que revisar: todos los conectores están decididos.
review-count = { $count ->
    [one] { $count } conector por revisar:
   *[other] { $count } conectores por revisar:
}
review-command = Decida: `gatehouse approve { $id }` o `gatehouse keep { $id }`; `gatehouse show { $id }` dice más.
review-command-running = Decida: `gatehouse approve { $id }` o `gatehouse hold { $id }`; `gatehouse show { $id }` dice más.
review-progress = { $count } de { $total }
review-end = La revisión termina aquí.

## watch

watch-guarding = { $count ->
    [one] Se vigila { $count } archivo
   *[other] Se vigilan { $count } archivos
}
watch-held = Retenido: { $connector }, fuera de { $file }.
watch-held-list = Retenido: { $connector } sigue en { $file } como estaba y figura en la lista de su cliente de lo que no debe arrancar.
watch-held-switch = Retenido: { $connector }, desactivado en { $file }.
watch-asked-new = Nuevo: { $connector } ejecuta { $runs } · { $state }.
watch-asked-changed = Cambiado: { $connector } ejecuta { $runs } · { $state }.
watch-asked-artefact = Código nuevo: { $connector } ejecuta { $runs } · { $state }.
watch-is-held = retenido
watch-is-not-held = sin retener
watch-asked-by = Lo pide { $client }: { $request }.
request-approve = aprobar
request-release = liberar
watch-asked-elsewhere = Se pide en otro terminal: { $request }.
watch-settled = Resuelto: { $connector }.
watch-doubted = En duda: { $connector }. { $message }
watch-allowed = Dejado pasar: { $connector }. { $why }
watch-released-exact = Liberado: { $connector } ha vuelto a { $file }, byte por byte.
watch-released-by-meaning = Liberado: { $connector } ha vuelto a { $file }, en un lugar hallado por sus vecinos.
watch-released-list = Liberado: { $connector } ya no figura en la lista de su cliente de lo que no debe arrancar; { $file } está como estaba.
watch-released-switch = Liberado: { $connector } vuelve a estar activado en { $file }.
watch-decided = Decidido: { $connector } · { $answer }, { $by }.
# $folder: el proyecto, como lo lee un intérprete de comandos
watch-folder-offered = git sigue { $file }, así que una entrada retenida aparece ahí como un cambio. Para que en este proyecto solo se pregunte, con { $connector } de vuelta: `gatehouse folder { $folder } notify --put-back`
watch-values-changed = Valores cambiados: { $connector } ({ $places }).
watch-not-edited = Sin editar: { $file }, para { $connector }. { $trouble }
watch-contested = Disputado: { $client } ha vuelto a escribir { $connector } { $count ->
    [one] { $count } vez.
   *[other] { $count } veces.
} Cada vez se retiene de nuevo.
watch-setting-opened = Abierto en { $file }:{ $line }: { $message }
watch-policy-changed = Los archivos de ajustes cambiaron.
watch-unreadable = Sin leer: { $path }. { $trouble }
watch-mode = Modo: { $mode }.
watch-paused = En pausa hasta { $until }: no se retiene nada nuevo.
watch-pause-ended = La pausa terminó: lo que llegó entretanto cuenta como nuevo.
watch-show-desk = Se abre la ventana.
watch-looked-up = { $unknown ->
    [0] { $count ->
        [one] Se preguntó al registro por un paquete.
       *[other] Se preguntó a los registros por { $count } paquetes.
    }
   *[other] Se preguntó a los registros por { $count } paquetes; de { $unknown } no se pudo saber nada.
}
watch-looked-up-others = { $count ->
    [one] Se preguntó a los servicios por una imagen, un repositorio o un servidor.
   *[other] Se preguntó a los servicios por { $count } imágenes, repositorios o servidores.
}
watch-requested = { $client } pidió `{ $request }`. No se cambió nada. Hágalo usted, si lo desea.
watch-requested-elsewhere = En otro terminal se pidió `{ $request }`. No se cambió nada.
watch-ledger = Libro de registro: { $what }
watch-ledger-detail = Libro de registro: { $what } ({ $detail })
watch-ledger-lost = Se perdió y empieza de nuevo: no se cortó nada que estuviera en vigor, y todos los conectores vuelven a estar sin revisar.
watch-ledger-locked = Su clave lleva diez minutos cerrada. Las aprobaciones siguen en vigor, sin verificar. Abra el llavero.
watch-ledger-missing = Su clave falta desde hace diez minutos. Las aprobaciones siguen en vigor, sin verificar.
watch-ledger-unwritable = No se puede escribir, así que no se retiene ni se libera nada hasta que se pueda.
watch-ledger-altered = Algo que le pertenece se cambió o ya no está. Busque en `gatehouse log` lo que no reconozca.

## log

log-empty = El libro de registro no tiene anotaciones.
log-unsealed = Estas anotaciones no están selladas con la clave.
log-started = Gatehouse { $version } empezó a escribir ({ $kind }).
log-stopped = Dejó de escribir.
log-baseline = { $count ->
    [one] Primera ejecución: había { $count } conector, sin revisar.
   *[other] Primera ejecución: había { $count } conectores, sin revisar.
}
log-ledger-lost = El libro de registro se perdió y empieza de nuevo ({ $witnesses }; { $detail }).
log-appeared = { $connector } apareció.
log-changed = { $connector } cambió: { $facets }.
log-values-changed = { $connector }: cambiaron valores en { $places }.
log-vanished = { $connector } ya no está en su archivo.
log-in-force = { $connector } está en vigor tal como es ahora.
log-asked = { $connector }: se preguntó.
log-settled = { $connector }: la pregunta terminó por sí sola.
log-decided = { $connector }: { $answer }, { $by }.
log-undone = { $connector }: se deshace la última decisión, { $by }.
log-revoked = { $connector }: se retira la decisión, { $by }.
log-used = Se usó la aprobación de la anotación { $number }.
log-hold-intended = { $connector } está a punto de retenerse.
log-held = { $connector } queda retenido.
log-rebuilt = { $connector } sigue retenido; sus bytes estaban en el almacén de retenciones.
log-no-exchange = El sistema de archivos de { $folder } no puede intercambiar dos archivos en un paso; se usó un cambio de nombre simple.
log-hold-dropped = { $connector } no se retuvo: { $reason }.
log-release-intended = { $connector } está a punto de liberarse.
log-released-exact = { $connector } queda liberado, byte por byte.
log-released-by-meaning = { $connector } queda liberado, en un lugar hallado por sus vecinos.
log-release-dropped = { $connector } no se liberó: { $reason }.
log-stash-deleted = { $connector }: se borraron los bytes guardados.
log-pinned = { $connector }: en la entrada, { $old } es ahora { $new }.
log-unpinned = { $connector }: la entrada nombra su paquete como antes de fijarlo.
log-amended = { $connector }: se editó la entrada.
log-contested = { $connector }: su cliente lo volvió a escribir { $count ->
    [one] { $count } vez.
   *[other] { $count } veces.
}
log-mode-set = El modo es { $mode }, { $by }.
log-paused = Una pausa hasta { $until }, { $by }.
log-pause-ended = La pausa ha terminado, { $by }.
log-cli-approvals-set = Aprobaciones desde un terminal: { $setting }, { $by }.
log-look-ups-set = Consultas a registros: { $setting }, { $by }.
log-polled = { $count ->
    [0] Vuelve a vigilarse cada archivo.
    [one] El sistema no da más vigilancias: se mira { $count } archivo cada dos segundos.
   *[other] El sistema no da más vigilancias: se miran { $count } archivos cada dos segundos.
}
log-policy-changed = Los archivos de ajustes dicen: modo { $mode }, { $denied } denegados, { $allowed } permitidos, { $problems } sin entender.
log-folder-set = { $folder }: { $rule }, { $by }.
log-folder-offered = git sigue archivos de { $folder }: se ofreció que ahí solo se pregunte.
log-client-path-set = { $client } está en { $path }, { $by }.
log-age-limit-set = Se va a escribir en { $file } un límite de edad de { $days } días para { $tool } ({ $by }).
log-age-limit-undone = Se va a retirar de { $file } el límite de edad de { $days } días para { $tool } ({ $by }).
log-age-limit-written = Los ajustes de { $tool } quedaron editados.
log-age-limit-dropped = Los ajustes de { $tool } no se editaron: { $reason }.
log-key-state = La clave del libro de registro: { $state }.
log-by-client = { $channel }, por debajo de { $client }
verify-no-ledger = Todavía no hay libro de registro.
verify-sound = { $count ->
    [one] { $count } anotación, { $sealed } selladas. La cadena está entera.
   *[other] { $count } anotaciones, { $sealed } selladas. La cadena está entera.
}
verify-unsealed = { $count ->
    [one] { $count } anotación no está sellada: { $key }.
   *[other] { $count } anotaciones no están selladas: { $key }.
}
verify-broken = El libro de registro está dañado en la anotación { $number }: { $what }. Lo retenido sigue retenido.
