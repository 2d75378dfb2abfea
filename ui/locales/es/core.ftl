# Lo que dicen tanto la ventana como la línea de órdenes. Los nombres ajenos no se traducen.

## Situación de un conector

status-unreviewed = sin revisar
status-new = nuevo
status-changed = cambiado
status-approved = aprobado
status-held = retenido
status-released = liberado
status-denied = denegado
status-blocked = bloqueado
status-allowed-by-policy = permitido por directiva
status-unmanaged = sin gestionar

## El motivo de un veredicto

why-managed-deny = La directiva de la organización deniega este arranque.
why-known-malicious = Un registro público señala este código como malicioso.
why-user-denied = Usted denegó este arranque.
why-kept-held = Usted decidió mantener retenido exactamente este arranque.
why-lockdown-not-allowed = Solo se ejecuta lo que permite la directiva de la organización, y este arranque no figura en su lista.
why-managed-allow = La directiva de la organización permite este arranque.
why-approved-exact = Usted aprobó exactamente este arranque y este código.
why-provenance-lost = Ha desaparecido una certificación, una firma o un editor que antes constaba.
why-approved-continuity = Usted aprobó las actualizaciones de este editor.
why-approved-development = Es código propio en una carpeta en desarrollo.
why-fingerprint-changed = El arranque no es el que estaba en vigor.
why-artefact-changed = El arranque es el mismo; el código que hay detrás, no.
why-released = Usted lo liberó sin aprobarlo.
why-unreviewed = Se dejó pasar antes de que nadie lo revisara.
why-new = No se había visto nunca.

## Modos, ámbitos, vías

mode-monitor = observar
mode-ask = preguntar
mode-lockdown = bloqueo general
scope-user = para su usuario
scope-project = para un proyecto
scope-local = para usted en un proyecto
scope-managed = fijado por la organización
scope-plugin = de un complemento
scope-extension = de una extensión
scope-profile = para un perfil
channel-desk = en el escritorio
channel-automation = en una ventana que maneja un programa
channel-terminal = en un terminal
channel-policy = por directiva
ledger-keyed = sellado con la clave
ledger-locked = el llavero está cerrado
ledger-missing = falta la clave
ledger-none = sin clave
ledger-broken = dañado

## Partes de un arranque

facet-transport = transporte
facet-command = orden
facet-args = argumentos
facet-url = dirección
facet-cwd = carpeta de trabajo
facet-env = variable { $name }
facet-headers = cabecera { $name }
facet-extra = miembro { $name }
facet-resolved = { $name } resuelto
facet-trust = marca de confianza { $name }
facet-code = código

## Observaciones

severity-low = baja
severity-medium = media
severity-high = alta
severity-critical = crítica
finding-approves-project-servers = { $client } inicia sin preguntar los conectores que trae un proyecto: { $setting }.
finding-approves-project-servers-help = Quite el ajuste y deje que el cliente pregunte por cada conector.
finding-asks-no-one = { $client } usa herramientas y ejecuta comandos sin preguntar: { $setting } es { $value }.
finding-asks-no-one-help = Quite el ajuste, salvo que este equipo sea uno que se pueda perder.
finding-auto-approved-tools = { $client } usa estas herramientas sin preguntar: { $setting } es { $value }.
finding-auto-approved-tools-help = Deje en la lista solo herramientas que no puedan enviar ni cambiar nada.
finding-burst = Llegaron { $count } entradas en un minuto.
finding-burst-help = ¿Fue usted o un programa que inició? Mírelas todas antes de aprobar una.
finding-credentials-in-url = La dirección contiene credenciales.
finding-credentials-in-url-help = Páselas a una cabecera o a una variable y renuévelas: una dirección acaba en los registros.
finding-dangerous-env = La variable { $name } carga o desvía código.
finding-dangerous-env-help = Quite la variable, salvo que la haya puesto usted y sepa qué código carga.
finding-floating-version = { $package } no está fijado a una versión: su código puede cambiar sin que cambie la entrada.
finding-floating-version-help = Indique una versión exacta o apruebe con --pin.
finding-fresh-local-file = { $file } está en una carpeta oculta y se creó minutos antes de esta entrada.
finding-fresh-local-file-help = Lea el archivo antes de aprobar. Si no sabe quién lo puso ahí, quite ambos.
finding-hidden-text = Hay caracteres que no se ven en { $place ->
    [name] el nombre
    [command] el comando
    [url] la dirección
   *[other] { $place }
}.
finding-hidden-text-help = Compare el texto con su origen y escríbalo de nuevo sin ellos.
finding-hook-command = { $client } ejecuta un comando que está en estos ajustes, { $value }.
finding-hook-command-help = Lea el comando. Quien pueda cambiar este archivo puede ejecutar lo que quiera en su nombre.
finding-install-script = { $how ->
    [new] { $package } ejecuta un guion al instalarse, y la versión aprobada no lo hacía.
   *[has] { $package } ejecuta un guion al instalarse.
}
finding-install-script-help = Lea el guion antes de aprobar; gatehouse diff muestra lo que añade una actualización. Una actualización inocua casi nunca añade uno.
finding-interpreter-eval = { $program } ejecuta un programa escrito en la propia entrada.
finding-interpreter-eval-help = Lea el texto hasta el final, o páselo a un guion propio y arranque ese guion.
finding-ip-literal-host = La dirección nombra la máquina { $host } por su número.
finding-ip-literal-host-help = Pida a quien le dio la dirección una con nombre: un número es de quien lo tenga hoy.
finding-known-malicious = { $reach ->
    [hit] Se sabe que { $package } causa daño ({ $advisory }).
   *[perhaps] Se sabe que una versión de { $package } causa daño ({ $advisory }); no se sabe cuál se ejecuta aquí, o cuál es.
}
finding-known-malicious-help = No lo arranque. Si ya se ejecutó, renueve todas las claves que pudo leer y busque lo que haya dejado.
finding-known-vulnerable = { $package } tiene { $count ->
    [one] un fallo conocido públicamente
   *[other] { $count } fallos conocidos públicamente
} en la versión que se ejecuta: { $ids }.
finding-known-vulnerable-help = Actualice a una versión que no lo tenga y apruébela. Cada identificador nombra un registro que indica qué versiones tienen el fallo.
# $program: lo que se ejecuta, $package: lo que nombra el arranque
finding-local-bin-shadows-package = { $started ->
    [there] Si el cliente se usa en ese proyecto, { $program } se ejecuta en lugar del paquete { $package }.
   *[here] { $program } se ejecuta en lugar del paquete { $package }.
}
finding-local-bin-shadows-package-help = Si no quiere el local, indique una versión en el arranque o quite el archivo.
finding-lookalike-host = { $seen ->
    [none] { $host }
   *[other] { $seen } ({ $host })
} { $like ->
    [none] mezcla letras de varias escrituras.
   *[other] puede tomarse por { $like }.
}
finding-lookalike-host-help = Escriba de nuevo la dirección desde las páginas del propio fabricante y compare letra por letra.
finding-name-squat = { $how ->
    [given-up] { $package } es un nombre que su dueño abandonó, y cualquiera puede tomarlo.
   *[other] { $package } puede tomarse por { $like }: { $how ->
        [look-alike] sus letras se parecen.
        [one-edit] los separa una letra.
        [marks] solo cambian los signos entre las palabras.
        [order] las mismas palabras están en otro orden.
        [decorated] lleva una palabra añadida.
        [scope-dropped] falta el ámbito.
        [scope-alike] los ámbitos son casi iguales.
        [same-leaf] tiene el mismo nombre en otro ámbito.
        [repository] un repositorio se llama así, y ninguno de los paquetes de su dueño.
        [republished] parece ese proyecto, publicado por otra persona.
       *[other] los nombres se parecen.
    }
}
finding-name-squat-help = ¿Es el que quería? Copie el nombre de la página de quien lo hace.
finding-odd-location = { $file } está { $place ->
    [temporary] entre archivos temporales.
    [downloads] entre las descargas.
   *[hidden] en una carpeta oculta que no es de ninguna herramienta conocida.
}
finding-odd-location-help = Llévelo a donde guarda los programas, si sabe qué es; quite la entrada si no lo sabe.
finding-package-missing = { $how ->
    [placeholder] El registro retiró { $package } y guarda su nombre.
    [quarantined] El registro no entrega { $package } a nadie mientras mira si hace daño.
   *[not-there] El registro no tiene ningún paquete { $package }.
}
finding-package-missing-help = No lo inicie: así acaban los paquetes que hicieron daño, y quien tome un nombre libre decide qué se ejecuta. Busque el nombre correcto en la página de quien lo hace.
finding-plain-http = La conexión con { $host } no está cifrada.
finding-plain-http-help = Use una dirección que empiece por https.
finding-plaintext-secret = { $issuer ->
    [none] { $name ->
        [none] Un argumento parece contener un secreto sin cifrar.
       *[other] { $name } parece contener un secreto sin cifrar.
    }
   *[other] { $name ->
        [none] Un argumento contiene una clave de { $issuer } sin cifrar.
       *[other] { $name } contiene una clave de { $issuer } sin cifrar.
    }
}
finding-plaintext-secret-help = { $reference ->
    [none] Sáquelo del archivo: a una variable de su entorno o a su llavero.
   *[other] Defina una variable en su entorno y escriba { $reference } en su lugar.
}
finding-provenance-lost = { $package } ya no trae una atestación de dónde se construyó, y la versión anterior la traía.
finding-provenance-lost-help = No la apruebe antes de que quien la hace diga por qué: quien roba una cuenta puede publicar, pero no atestar.
finding-publisher-changed = { $what ->
    [builder] { $package } lo compila ahora { $now }; la versión anterior la compiló { $then }.
    [maintainers] Ahora pueden publicar { $package } otros: { $now }. En la versión anterior: { $then }.
   *[publisher] { $package } lo publica ahora { $now }; la versión anterior la publicó { $then }.
}
finding-publisher-changed-help = Mire si el propio proyecto lo dice: los proyectos pasan de mano, y también se roban cuentas.
finding-publisher-domain = { $how ->
    [expired] El registro de { $domain } ha caducado.
    [young] { $domain } se registró hace menos de un mes.
   *[unclaimed] Nadie tiene el dominio { $domain }.
}
finding-publisher-domain-help = Quien lo registre recibirá el correo que va allí, y quizá con él la cuenta que publica. Pregunte a quien lo hace antes de seguir. SPF y DKIM dicen quién puede enviar correo en nombre de un dominio; el que un conector envía por su propia cuenta pasa ambos.
finding-registry-backlink-mismatch = { $package } dice ser { $entry } del registro de conectores. Esa entrada nombra: { $packages }.
finding-registry-backlink-mismatch-help = Use el paquete que nombra la entrada, si es el que quiere. Una copia repite lo que el original dice de sí mismo.
finding-redirected-client = Lo que { $client } envía y recibe puede ir a otra parte: { $setting }.
finding-redirected-client-help = Quítelo, salvo que sepa de quién es la dirección o el programa: allí van también sus claves.
finding-repeated-key = La clave { $key } aparece más de una vez; los clientes no coinciden en cuál vale.
finding-repeated-key-help = Deje una y borre las demás.

finding-repository-changed = { $package } nombra ahora { $now } como su repositorio; la versión anterior nombraba { $then }.
finding-repository-changed-help = Mire si el repositorio anterior remite al nuevo.
finding-same-entry-elsewhere = La misma entrada llegó en el mismo minuto a { $clients }.
finding-same-entry-elsewhere-help = Puede haberlo hecho un instalador suyo. Si no inició ninguno, manténgalas todas retenidas.
finding-same-name-other-launch = El nombre { $name } es otra cosa en { $clients }.
finding-same-name-other-launch-help = Compárelas. Apruebe por lo que se ejecuta, no por el nombre.
finding-vendor-claim-unproven = { $vendor ->
    [none] { $package } se llama oficial, de nadie que se conozca.
   *[other] { $package } lleva el nombre de { $vendor }, y { $publisher ->
        [alike] la cuenta que lo publicó se llama igual, lo que no prueba nada: un nombre así lo puede tener quien llegue primero.
        [other] lo publicó otra persona.
       *[not-told] nada muestra que venga de ahí.
    }
}
finding-vendor-claim-unproven-help = Mire en las páginas del fabricante si lo publica. Muchos buenos conectores los hacen otros; entonces es en ellos en quien confía.
finding-version-burst = En dos días salieron { $count } versiones de { $package }.
finding-version-burst-help = Mire qué cambió antes de aprobarla. También lo hacen las máquinas que publican solas.
finding-very-new = { $days ->
    [0] { $package } se publicó por primera vez hoy.
    [one] { $package } se publicó por primera vez hace un día.
   *[other] { $package } se publicó por primera vez hace { $days } días.
}
finding-very-new-help = Pregunte a quien le dio el nombre. Los paquetes dañinos se descubren casi siempre en dos semanas.
# $place: un archivo o una carpeta
finding-world-writable = Cualquier usuario de este equipo puede escribir { $place } y decidir así qué se ejecuta.
finding-world-writable-help = Quite a los demás el permiso de escritura o lleve el código a una carpeta suya.

## Retenciones

hold-in-force = retenido
hold-pending = a punto de retenerse
hold-refused = no se puede retener
hold-contested = retenido, y { $client } lo vuelve a escribir
method-cut = La entrada se retira del archivo; se guarda cada byte.
method-switch = La entrada se desactiva con el interruptor del propio cliente.
method-list = El arranque figura en la lista del propio cliente de lo que no debe arrancar.
method-none = Solo se observa; Gatehouse no puede retenerlo en este lugar.
takes-effect-now = { $client } vuelve a leer el archivo por sí mismo.
takes-effect-on-restart = Surte efecto cuando se reinicia { $client }. Reinicie { $client } si está abierto.
takes-effect-unknown = { $client } puede estar usándolo. Reinicie { $client } para tener certeza.

## Qué fue de un conector

effect-recorded = Anotado para { $name } ({ $client }). El archivo ya estaba como debe.
effect-released-exact = { $name } ({ $client }) ha vuelto a { $file }, byte por byte.
effect-released-by-meaning = { $name } ({ $client }) ha vuelto a { $file }, en un lugar hallado por sus vecinos porque el archivo había cambiado.
effect-held = { $name } ({ $client }) queda retenido, fuera de { $file }.
effect-pinned = { $name } ({ $client }) queda aprobado y fijado: { $file } dice ahora { $to }. `gatehouse unpin` vuelve a escribir lo que decía.
effect-unpinned = { $name } ({ $client }) ya no está fijado: { $file } dice { $to } como antes.
effect-held-list = { $name } ({ $client }) queda retenido: figura en la lista del propio cliente de lo que no debe arrancar, y { $file } está como estaba.
effect-released-list = { $name } ({ $client }) ya no figura en la lista del cliente de lo que no debe arrancar; { $file } está como estaba.
effect-held-switch = { $name } ({ $client }) queda retenido: desactivado en { $file }.
effect-released-switch = { $name } ({ $client }) vuelve a estar activado en { $file }.
effect-written-back = El arranque aprobado de { $name } ({ $client }) vuelve a estar escrito en { $file }.
# $id: los dígitos que se escriben
effect-stays-held = { $name } ({ $client }) sigue retenido, fuera de { $file }, hasta que usted decida: `gatehouse release { $id }` lo devuelve, `gatehouse show { $id }` dice más.
# $id: los dígitos que se escriben
effect-stays-held-list = { $name } ({ $client }) sigue retenido por la lista del propio cliente hasta que usted decida: `gatehouse release { $id }` lo quita de la lista, `gatehouse show { $id }` dice más.
effect-stays-held-switch = { $name } ({ $client }) sigue retenido, desactivado en { $file }, hasta que usted decida: `gatehouse release { $id }` lo activa, `gatehouse show { $id }` dice más.
effect-not-edited = La decisión sobre { $name } ({ $client }) queda anotada. { $reason }

## Respuestas

answer-approve = aprobado
answer-keep-approved = mantenido como se aprobó
answer-keep-held = mantenido retenido
answer-deny = denegado
answer-release = liberado
answer-revoke = retirado
answer-undo = deshecho
answer-remove = quitado

## Por qué no se hizo algo

refusal-no-such-connector = Ningún conector se llama { $id }. `gatehouse scan` los enumera.
refusal-ambiguous = { $id } designa más de un conector: { $ids }. Use más dígitos.
refusal-stale = La entrada de { $id } cambió después de mostrarse. No se cambió nada. Mírela de nuevo con `gatehouse show { $id }`.
refusal-blocked-by-policy = La directiva de la organización bloquea { $id }. No se cambió nada. Pregunte a quien administra este equipo.
refusal-name-not-typed = Se sabe que { $name } es malicioso. No se cambió nada. Para aprobarlo de todos modos, escriba su nombre.
refusal-cli-approvals-never = Las aprobaciones desde un terminal están desactivadas. No se cambió nada. Decida en el escritorio.
refusal-no-desk = Las aprobaciones desde un terminal se deciden en el escritorio, y no hay ninguno en marcha. No se cambió nada. Inicie Gatehouse y vuelva a pedirlo.
refusal-nothing-approved = No hay nada aprobado para { $id } a lo que volver. No se cambió nada.
refusal-secret-missing = La entrada aprobada de { $id } tiene un valor secreto en { $place } que falta en la actual. No se cambió nada. Añada el valor y vuelva a pedirlo.
refusal-cannot-pin =
    { $reason ->
        [no-package] { $id } no ejecuta ningún paquete con versiones, así que no hay nada que fijar.
        [exact] { $id } ya nombra una versión exacta.
        [no-version] Eso no es una versión exacta para { $id }. Indíquela como --pin=1.2.3 y, para una imagen, como --pin=sha256:…
        [not-known] No se sabe aquí qué versión de { $id } se ejecuta. Indíquela como --pin=VERSION, o apruebe esta versión.
       *[unclear] No se puede saber con certeza dónde nombra su paquete la entrada de { $id }. Escriba la versión usted, o apruébela como está.
    } No se cambió nada.
refusal-not-pinned = Gatehouse no fijó { $id }, o su entrada cambió desde entonces. No se cambió nada.
refusal-publisher-unknown = No se conoce al editor de { $id }, así que no se pueden aprobar sus actualizaciones. No se cambió nada. Apruebe esta versión en su lugar.
refusal-look-ups-off = Las consultas están apagadas, así que no se preguntó a nadie. No se cambió nada. Enciéndalas con gatehouse look-ups on.
refusal-not-under-development = El código de { $id } no está en ninguna carpeta en desarrollo. No se cambió nada. Indique la carpeta con `gatehouse folder RUTA developing`.
refusal-nothing-to-revoke = No hay nada decidido sobre { $id }. No se cambió nada.
refusal-nothing-to-undo = Ninguna decisión del último medio minuto sobre { $id } se puede deshacer. No se cambió nada. `gatehouse revoke { $id }` retira una anterior.
refusal-undo-too-late = La decisión sobre { $id } tiene más de medio minuto. No se cambió nada. `gatehouse revoke { $id }` la retira.
refusal-not-held = { $id } no está retenido. No se cambió nada.
# $newer: la línea de órdenes o la dirección de lo que hay ahora
refusal-place-taken = Lo retenido de { $id } es anterior: `{ $newer }` ocupa su lugar y se ejecuta. No se cambió nada. Cambie el nombre de esa entrada en el archivo o quítela, y vuelva a liberarlo.
refusal-place-taken-approved = Lo retenido de { $id } es anterior: `{ $newer }` ocupa su lugar y se ejecuta. No se cambió nada. `gatehouse keep-approved { $id }` devuelve el anterior en su lugar.
refusal-age-limit-read-only = Gatehouse solo lee el límite de edad de { $tool }. No se ha cambiado nada.
refusal-age-limit-hidden = En { $path } también está puesto { $by }, que va primero, y un límite de edad no serviría de nada. No se ha cambiado nada.
refusal-no-age-limit-to-undo = Gatehouse no ha escrito para { $tool } ningún límite de edad que pueda retirar. No se ha cambiado nada.
refusal-no-window = Este guardián no tiene ventana: se ejecuta en un terminal. No se ha cambiado nada.
refusal-file = { $path } no se editó. { $reason }
refusal-ledger = No se puede escribir el libro de registro: { $detail }. No se cambió ningún archivo de configuración. `gatehouse doctor` dice más.

## Qué impide tratar un archivo

trouble-absent = El archivo ya no está.
trouble-denied = El archivo no se puede leer. Dé a su usuario permiso de lectura.
trouble-unparsable = El archivo no se puede interpretar en la línea { $line }: { $reason }. Corrija la línea; Gatehouse vuelve a mirar por sí mismo.
trouble-too-large = El archivo es demasiado grande para leerlo.
trouble-not-regular = No es un archivo normal.
trouble-foreign-owner = El archivo pertenece a otra persona, así que solo se observa.
trouble-open-folder = Otros pueden escribir en su carpeta, así que solo se observa. Quíteles ese permiso.
trouble-read-only = El archivo no se puede escribir. Dé a su usuario permiso de escritura.
trouble-hard-linked = El archivo tiene otros nombres (enlaces duros), de los que una edición lo separaría, así que solo se vigila.
trouble-route-taken = Otra entrada ocupa su lugar. Cámbiele el nombre o quítela antes.
trouble-inexact = El texto no se puede editar con exactitud: { $detail }.
trouble-list = Los archivos de este tipo se leen y nunca se editan, así que solo se vigila: desactive la entrada en su cliente o quítela a mano.
trouble-of-organisation = Lo puso la organización para este equipo, así que solo se vigila: pida a quien administra este equipo que lo quite.
trouble-of-plugin = Lo trajo un complemento, que lo traería otra vez, así que solo se vigila: desactive el complemento en el cliente o quítelo allí.
trouble-of-extension = Lo trajo una extensión, que lo traería otra vez, así que solo se vigila: desactive la extensión en el cliente o quítela allí.
trouble-changed-since = El archivo cambió después de que Gatehouse escribiera en él. Quite la línea a mano.
trouble-busy = Otros programas escriben el archivo sin parar. Ciérrelos y vuelva a pedirlo.
trouble-io = El sistema dice: { $detail }.

## Por qué no se puede leer un texto. $found: un carácter suyo

syntax-not-utf8 = el texto no es UTF-8 válido
syntax-too-deep = anida más de { $count } niveles
syntax-ended = el texto termina antes de completar el valor
syntax-comment-not-closed = hay un comentario sin cerrar
syntax-string-not-closed = hay una cadena sin cerrar
syntax-line-break-in-string = hay un salto de línea dentro de una cadena
syntax-control-in-string = hay un carácter de control dentro de una cadena
syntax-short-escape = a un escape \u le faltan sus cuatro dígitos hexadecimales
syntax-unknown-escape = hay un escape desconocido en una cadena
syntax-wants-value = falta un valor; hay «{ $found }»
syntax-wants-value-or-comment = falta un valor o un comentario; hay «{ $found }»
syntax-wants-key = falta una clave entre comillas dobles; hay «{ $found }»
syntax-wants-colon = faltan los dos puntos tras la clave; hay «{ $found }»
syntax-wants-comma-or-brace = falta una coma o una llave de cierre; hay «{ $found }»
syntax-wants-comma-or-bracket = falta una coma o un corchete de cierre; hay «{ $found }»
syntax-wants-end = el texto debería terminar; hay «{ $found }»
syntax-wants-end-of-value = el valor debería terminar; hay «{ $found }»
syntax-wants-end-of-number = el número debería terminar; hay «{ $found }»
syntax-wants-digit = falta una cifra; hay «{ $found }»
syntax-unsupported = esta forma de escribirlo no se admite
# $detail: las palabras del propio analizador, en inglés
syntax-toml = no es TOML («{ $detail }»)
syntax-yaml = no es YAML («{ $detail }»)
syntax-several-documents = contiene varios documentos YAML, y los clientes leen uno

## Cobertura

coverage-read = leído
coverage-absent = ausente
coverage-denied = sin permiso
coverage-unparsable = ilegible
coverage-unsupported = no admitido
coverage-too-large = demasiado grande
coverage-not-regular = no es un archivo
coverage-polling = por sondeo
coverage-denied-why = El archivo no se puede leer.
coverage-unparsable-why = Línea { $line }: { $reason }
coverage-only-watched = Se lee y se vigila, y nunca se edita: por lo nuevo se pregunta, y se ejecuta hasta que se desactive en su cliente o se quite a mano.
coverage-unread-gateway = Los servidores que una pasarela inicia tras un único conector propio: no se ven ni se retienen uno por uno. Revíselos en la pasarela.
coverage-unread-database = Sus conectores están en una base de datos del programa: ni se ven ni se retienen. Revíselos en los ajustes del programa y desactive allí lo que no conozca.
coverage-unread-account = Sus conectores son de una cuenta y se ejecutan en otra parte: ni se ven ni se retienen. Revíselos en los ajustes de la cuenta.
coverage-unread-system = El propio sistema lleva esta lista: sus conectores ni se ven ni se retienen. `odr.exe list` los muestra y los ajustes del sistema los desactivan.
coverage-unread-other-system = Un sistema Linux dentro de este: mirarlo lo pondría en marcha, así que sus conectores ni se ven ni se retienen. Ejecute Gatehouse dentro de él.
coverage-unread-list = Sus conectores están en una lista, que esta versión no lee: ni se ven ni se retienen. Revise el archivo a mano.
coverage-unread-script = Un script que puede añadir conectores al ejecutarse: ni se ven ni se retienen. Revíselo a mano.
coverage-unread-extension = Una extensión que puede traer conectores: ni se ven ni se retienen. Revísela en el cliente.
coverage-unread-other-file = Otro archivo de conectores que esta versión no lee: ni se ven ni se retienen. Revíselo a mano.
coverage-unsupported-why = Esta versión no lee este lugar.
coverage-too-large-why = El archivo supera lo que se lee.
coverage-not-regular-why = No es un archivo normal.
coverage-polling-why = Aquí el sistema no avisa de los cambios; el archivo se mira cada dos segundos.
coverage-folder-why = En esta carpeta no está ninguno de los demás lugares donde un cliente leería conectores.
coverage-every-client = todos los clientes

## Tiempo

ago-now = ahora mismo
ago-minutes = { $count ->
    [one] hace { $count } minuto
   *[other] hace { $count } minutos
}
ago-hours = { $count ->
    [one] hace { $count } hora
   *[other] hace { $count } horas
}
ago-days = { $count ->
    [one] hace { $count } día
   *[other] hace { $count } días
}

## El estado del propio Gatehouse

doctor-guard-good = Hay un guardián en marcha ({ $kind }, proceso { $pid }).
doctor-guard-note = No hay ningún guardián en marcha: los conectores nuevos no se retienen hasta que lo haya. Inicie Gatehouse o ejecute `gatehouse watch`.
doctor-guard-bad = Un guardián tiene el cierre y no responde (proceso { $pid }). Ciérrelo e inícielo de nuevo.
doctor-data-folder-good = La carpeta de datos { $path } es solo suya.
doctor-data-folder-note = Todavía no hay carpeta de datos. La crea el primer guardián.
doctor-data-folder-bad = La carpeta de datos { $path } no se puede usar: { $detail }.
doctor-ledger-good = { $entries ->
    [one] El libro de registro tiene { $entries } anotación y se puede leer.
   *[other] El libro de registro tiene { $entries } anotaciones y se puede leer.
}
doctor-ledger-note = Todavía no hay libro de registro. Lo crea el primer guardián.
doctor-ledger-bad = El libro de registro no se puede leer: { $detail }. Lo retenido sigue retenido.
doctor-keyring-good = El llavero da la clave del libro de registro.
doctor-keyring-note = El libro de registro no tiene clave: { $detail }. Sus anotaciones están encadenadas, pero no selladas.
doctor-keyring-bad = La clave del libro de registro no se puede leer: { $detail }. Abra el llavero.
doctor-why-key-locked = el llavero está cerrado
doctor-why-key-gone = la clave ha desaparecido
doctor-why-key-not-made = todavía no se ha creado ninguna
doctor-why-key-silent = ningún llavero responde en esta sesión
doctor-why-key-none = en esta sesión no hay llavero
doctor-exchange-good = Los archivos se pueden intercambiar en un solo paso.
doctor-exchange-note = El sistema de archivos de { $path } no puede intercambiar dos archivos en un solo paso. Se usa un cambio de nombre corriente.
doctor-exchange-bad = No se pueden sustituir archivos en { $path }: { $detail }.
doctor-watches-good = { $count ->
    [one] Se puede vigilar { $count } carpeta.
   *[other] Se pueden vigilar { $count } carpetas.
}
doctor-watches-note = El sistema no avisa de los cambios en { $count ->
    [one] { $count } carpeta, que se mira de vez en cuando.
   *[other] { $count } carpetas, que se miran de vez en cuando.
}
doctor-watches-bad = No se pueden vigilar carpetas: { $detail }.
doctor-coverage-good = { $count ->
    [one] Se lee { $count } archivo.
   *[other] Se leen { $count } archivos.
}
doctor-coverage-note = { $count ->
    [one] No se lee { $count } lugar. `gatehouse coverage` lo enumera.
   *[other] No se leen { $count } lugares. `gatehouse coverage` los enumera.
}
doctor-coverage-bad = { $count ->
    [one] No se puede leer { $count } archivo. `gatehouse coverage` lo enumera.
   *[other] No se pueden leer { $count } archivos. `gatehouse coverage` los enumera.
}
doctor-age-limit-good = { $detail }
doctor-age-limit-note = { $detail }
doctor-age-limit-bad = { $detail }
doctor-age-limit-offer-good = { $detail }
doctor-age-limit-offer-note = { $detail } `gatehouse age-limit { $tool } --set` escribe { $days } días en sus propios ajustes.
doctor-age-limit-offer-bad = { $detail }
doctor-leftovers-good = No queda ninguna edición a medias.
doctor-leftovers-note = { $count ->
    [one] Queda { $count } archivo temporal: { $paths }. El próximo guardián lo resuelve.
   *[other] Quedan { $count } archivos temporales: { $paths }. El próximo guardián los resuelve.
}
doctor-leftovers-bad = { $count ->
    [one] No se puede resolver { $count } edición a medias: { $paths }.
   *[other] No se pueden resolver { $count } ediciones a medias: { $paths }.
}

## Qué puede hacer un conector

can-run-package = Ejecuta un programa de { $ecosystem } con su usuario: puede leer sus archivos y usar la red.
can-run-image = Ejecuta una imagen de contenedor: alcanza lo que le da la línea de órdenes.
can-run-local = Ejecuta un programa de este equipo con su usuario: puede leer sus archivos y usar la red.
can-run-unknown = Ejecuta con su usuario una orden que no se entiende del todo: puede leer sus archivos y usar la red.
can-call-remote = Envía a { $host } lo que le da el cliente.
can-be-builtin = Forma parte del propio { $client }.
can-nothing = No indica ni una orden ni una dirección, así que no hay nada que arrancar.
can-given-env = Recibe { $names }.
can-given-headers = Envía las cabeceras { $names }.
can-given-nothing = No recibe variables.

## Por qué una comprobación no pudo decir nada

not-run-unobservable = el código se ejecuta en otro lugar
not-run-arrival-unseen = ya estaba antes de que Gatehouse vigilara
not-run-alone = el archivo se leyó por separado
not-run-code-not-at-hand = el archivo no está
not-run-no-launch = no se arranca nada
not-run-package-not-told = no se sabe cuál es el paquete
not-run-other-registry = viene de una clase de registro en la que esto no se consulta
not-run-host-is-a-placeholder = el servidor es un marcador
not-run-no-advisories = ninguna base de avisos cubre lo que ejecuta
not-run-advisories-not-asked = no se ha preguntado a ninguna base de avisos, o no contestó
not-run-artefact-not-looked = nadie ha mirado el código
not-run-artefact-unknown = no se conoce el código
not-run-rights-not-told = el sistema no dice quién puede escribir el archivo
not-run-registry-not-asked = no se ha preguntado a ningún registro
not-run-domain-not-asked = no se ha preguntado por el dominio, o nadie contestó
not-run-listing-not-asked = no se ha preguntado al registro de conectores, o no contestó

## Procedencia

artefact-known = Versión { $version }, { $integrity } ({ $source ->
    [local-program] un programa del proyecto
    [global-program] un programa instalado globalmente
    [local-package] un paquete del proyecto
    [global-package] un paquete instalado globalmente
    [npx-cache] la caché de npx
    [bunx-cache] la caché de bunx
    [pnpm-cache] la caché de pnpm
    [yarn-cache] la caché de yarn
    [uv-tool] una herramienta instalada por uv
    [uv-cache] la caché de uv
    [pipx-cache] la caché de pipx
    [environment] un entorno de Python
    [package] un paquete instalado
    [image-store] la lista de imágenes locales
    [registry] la ofrece el registro
    [launch] lo dice el propio arranque
    [file] el propio archivo
    [task] una tarea y su archivo
   *[other] { $source }
}).
artefact-known-no-version = { $integrity } ({ $source ->
    [local-program] un programa del proyecto
    [global-program] un programa instalado globalmente
    [local-package] un paquete del proyecto
    [global-package] un paquete instalado globalmente
    [npx-cache] la caché de npx
    [bunx-cache] la caché de bunx
    [pnpm-cache] la caché de pnpm
    [yarn-cache] la caché de yarn
    [uv-tool] una herramienta instalada por uv
    [uv-cache] la caché de uv
    [pipx-cache] la caché de pipx
    [environment] un entorno de Python
    [package] un paquete instalado
    [image-store] la lista de imágenes locales
    [registry] la ofrece el registro
    [launch] lo dice el propio arranque
    [file] el propio archivo
    [task] una tarea y su archivo
   *[other] { $source }
}).
artefact-unknown = No se conoce: { $reason ->
    [not-installed] no está instalado aquí o se vació su caché
    [not-in-registry] no está instalado aquí y el registro no tiene tal paquete
    [package-not-told] el arranque no nombra ningún paquete
    [package-unreadable] no se puede leer el paquete
    [several-packages] se descargan varios paquetes para él
    [fetched-anew] la herramienta no guarda nada entre dos ejecuciones
    [placeholder-in-place] el lugar es un marcador
    [folder-not-told] empieza donde empiece su cliente
    [file-not-there] el archivo no está
    [file-unreadable] no se puede leer el archivo
    [folder] el arranque nombra una carpeta
    [code-in-line] el código está en el propio arranque
    [environment-not-told] no se sabe cuál es el entorno de Python
    [task-not-followed] la tarea arranca más de un programa
    [task-not-there] no existe esa tarea
    [image-store-closed] no se puede leer la lista de imágenes
    [not-read] no se miran las herramientas de este tipo
   *[other] { $reason }
}.
artefact-unobservable = El código se ejecuta en el equipo de otra persona y no se puede examinar.
artefact-not-looked = Todavía no se ha mirado.
## Lo que dicen los registros
# $age: como «hace 3 días», $at: cuándo lo dijo el registro, en la misma forma
publication-off = No se sabe quién lo publica ni desde cuándo: las consultas están apagadas.
publication-unknown = No se sabe quién lo publica ni desde cuándo: { $reason }.
publication-known = Publicado { $age } por { $publisher } ({ $registry }, consultado { $at }).
publication-age = Publicado { $age }; el registro no dice por quién ({ $registry }, consultado { $at }).
publication-publisher = Publicado por { $publisher }; el registro no dice cuándo ({ $registry }, consultado { $at }).
publication-other-code = Lo que se ejecutaría no es lo que tiene { $registry } (consultado { $at }).
publication-offered = Aún no está en este equipo: lo descargaría el próximo arranque del cliente.
publication-new-script = Al instalarse ejecuta un script, cosa que la versión aprobada no hacía.
publication-lost = La versión aprobada traía una atestación de dónde se construyó. Esta no trae ninguna.
look-up-off = las consultas están apagadas
look-up-not-asked = aún no se ha preguntado
look-up-private = el nombre puede ser privado, así que no se pregunta a nadie
look-up-no-registry = los ajustes no nombran ningún registro que se entienda
look-up-no-address = no se puede preguntar a la dirección del servicio
look-up-not-found = el servicio no lo conoce
look-up-unauthorised = el servicio pide nombre y contraseña
look-up-rate-limited = se preguntó demasiadas veces al servicio
look-up-server = el servicio comunica un error
look-up-unexpected = el servicio responde algo inesperado
look-up-timed-out = el servicio no respondió a tiempo
look-up-unreachable = no se puede llegar al servicio
look-up-truncated = la respuesta se cortó
look-up-too-large = la respuesta es demasiado grande
look-up-unreadable = la respuesta no se entiende
look-up-redirected = el servicio lleva a otra parte
look-up-other-bytes = los bytes no son los que nombra el registro
look-up-unusable = este sistema no ofrece ninguna conexión cifrada
look-up-attestation-no-identity = la atestación no dice quién lo compiló
look-up-attestation-no-statement = la atestación no dice nada de dónde se compiló
look-up-attestation-not-verified = la atestación no se pudo verificar aquí
look-up-attestation-other-digest = la atestación es de otros bytes
look-up-attestation-other-repository = la atestación nombra otro repositorio
look-up-attestation-other-subject = la atestación es de otro paquete
look-up-attestation-unreadable = la atestación no se entiende
look-up-elsewhere = está donde el registro no responde de ella
look-up-mirror = llegó por un registro propio, que puede omitirlo
look-up-no-claim = el paquete no nombra allí ninguna entrada
look-up-no-entry-name = lo que nombra el paquete no es una entrada
look-up-no-package = no ejecuta ningún paquete
look-up-no-publisher-domain = el registro no da ninguna dirección de quien lo publica
look-up-no-repository = no nombra ninguno
look-up-no-signatures = los registros de esta clase no firman
look-up-not-attested = viene sin atestación, como la mayoría
look-up-not-signed = el registro no lo firmó
look-up-other-repository-host = está en un servidor al que no se pregunta
look-up-shared-domain = quien publica tiene una dirección donde cualquiera puede tenerla
look-up-switched-off = un ajuste lo desactiva
look-up-unknown-key = se firmó con una clave que el registro no nombra
look-up-version-not-told = aún no se sabe qué versión se ejecuta

## Archivos de ajustes
policy-unparsable = { $path } no se puede interpretar en la línea { $line }: { $reason }. Sigue vigente lo que decía antes.
policy-no-object = { $path } no contiene un objeto de ajustes. Sigue vigente lo que decía antes.
policy-unknown-key = { $path }:{ $line }: no existe el ajuste { $key }. Los demás cuentan.
policy-not-the-users = { $path }:{ $line }: solo su organización puede fijar { $key }. Los demás cuentan.
policy-invalid = { $path }:{ $line }: no se entiende el valor de { $key }. Cuenta el más estricto.
policy-invalid-element = { $path }:{ $line }: no se entiende un elemento de { $key }. Los demás cuentan.
policy-by-name = { $path }:{ $line }: { $key } nombra una entrada. El nombre lo elige quien escribe la entrada: indique lo que se ejecuta, con serverCommand, serverUrl o launchHash.
policy-repeated = { $path }:{ $line }: { $key } aparece dos veces. Cuenta la última.
policy-not-trusted-no-file = { $path } o una carpeta del camino es un enlace o no es un archivo, así que no se le cree. Nada de ello cuenta y nada queda permitido por ello.
policy-not-trusted-owner = { $path } o su carpeta no es del administrador, así que no se le cree. Nada de ello cuenta y nada queda permitido por ello.
policy-not-trusted-writable = Otros pueden escribir en { $path } o en su carpeta, así que no se le cree. Nada de ello cuenta y nada queda permitido por ello.
policy-not-trusted-too-large = { $path } pasa de 1 MiB, así que no se lee. Nada de ello cuenta y nada queda permitido por ello.
policy-not-trusted-unreadable = { $path } no se puede leer. Nada de ello cuenta.

## Entradas de un mismo nombre
namesake-hides = También hay una entrada con este nombre en { $path } ({ $scope }, { $id }): donde valen las dos, { $client } inicia esta y no aquella.
namesake-hidden-by = También hay una entrada con este nombre en { $path } ({ $scope }, { $id }): donde valen las dos, { $client } inicia aquella y no esta.
namesake-merged = También hay una entrada con este nombre en { $path } ({ $scope }, { $id }): { $client } hace una de las dos, y lo que falta en una vale de la otra.
namesake-unknown = También hay una entrada con este nombre en { $path } ({ $scope }, { $id }). No se sabe cuál inicia { $client }.

# El límite de edad propio de los gestores de paquetes. $setting es su palabra; $from es un archivo, una variable o una opción.
age-limit-not-set = { $tool } ejecuta cada versión nueva al momento: no hay límite de edad ({ $setting }).
age-limit-enough = { $tool } deja fuera las versiones más jóvenes que su límite: { $setting } es { $value } ({ $from }), suficiente para la espera de { $days } días.
age-limit-too-short = { $tool } tiene un límite demasiado corto: { $setting } es { $value } ({ $from }), menos que la espera de { $days } días.
age-limit-unreadable = No se sabe qué límite de edad tiene { $tool }: { $setting } es { $value } ({ $from }).
age-limit-exempt = { $tool } tiene un límite de edad, { $setting } es { $value } ({ $from }), y una lista que quizá exime a este paquete.
age-limit-offer = `gatehouse age-limit { $tool } --set` escribe { $days } días en sus propios ajustes.
age-limit-undo = Lo escribió Gatehouse; `gatehouse age-limit { $tool } --undo` lo retira.
# Qué cambió entre dos versiones del código que hay detrás de un conector
archive-refused = { $archive } no se ha leído, porque { $reason }. No se ha desempaquetado ni ejecutado nada de él.
archive-refused-at = { $archive } no se ha leído por su entrada { $entry }: { $reason }. No se ha desempaquetado ni ejecutado nada de él.
archive-format = no es ni un tar comprimido con gzip ni un zip
archive-empty = no contiene ningún archivo
archive-damaged = está cortado o dañado
archive-too-large = es mayor de lo que se lee
archive-unpacks-too-large = sus archivos son mayores de lo que se lee
archive-ratio = sus archivos no guardan proporción alguna con su tamaño
archive-one-file = un archivo es mayor de lo que se lee
archive-entries = tiene más entradas de las que se leen
archive-escapes = una ruta sale del paquete
archive-absolute = una ruta empieza en la raíz de un sistema de archivos
archive-backslash = una ruta tiene una barra invertida
archive-zero-byte = una ruta tiene un byte cero
archive-encoding = una ruta no es UTF-8
archive-path-length = una ruta es más larga de lo que se lee
archive-depth = una ruta tiene más carpetas de las que se leen
archive-twice = una ruta aparece dos veces
archive-link = una entrada es un enlace, y ningún registro los deja pasar
archive-special = una entrada no es ni archivo ni carpeta
archive-size = una entrada tiene otro tamaño del que dice el archivo comprimido
archive-overlap = hay entradas que se solapan
archive-encrypted = una entrada está cifrada
diff-not-followed = Su código no se examina: se ejecuta en otra parte, o es una imagen o un repositorio.
diff-nothing-before = No hay con qué comparar: aquí no se ha visto otro código suyo.
diff-not-kept = No se guardó nada de la versión { $version }, ninguna caché de este equipo la tiene y las consultas están desactivadas.
diff-no-such-version = No se guardó nada de la versión { $version }, y no la tienen ni una caché de este equipo ni el registro.
diff-not-fetched = No se guardó nada de la versión { $version }, y no se ha podido traer: { $detail }.
diff-no-passages = Los bytes anteriores ya no están y las consultas están desactivadas: se compara con lo que se guardó de ellos, no línea a línea.
drift-none = Son los mismos archivos: no ha cambiado nada.
drift-harmless = { $files ->
    [one] Ha cambiado un archivo
   *[other] Han cambiado { $files } archivos
}, y nada que cuente: no hay dirección, capacidad, script, dependencia ni programa nuevos.
drift-partly = Una de las dos tiene más archivos de los que se leen: lo que figura como nuevo pudo estar ya.
drift-literals = Direcciones nuevas en su código
drift-calls = Lo que puede hacer ahora
drift-scripts = Se ejecuta al instalarlo
drift-dependencies = Necesita otros paquetes
drift-programs = Sus programas
drift-machine-code = Programas nuevos para procesadores
drift-files = Archivos: { $added } añadidos, { $removed } quitados, { $changed } cambiados
drift-literal = { $kind ->
    [email] dirección de correo
    [ip] máquina
    [url] página
   *[host] servidor
}
drift-foreign = antes no tenía nada que ver con este dominio
drift-encoded = oculta en base64
drift-call = { $kind ->
    [process] inicia programas
    [network] se comunica por la red
    [credentials] nombra un archivo que guarda secretos o que se ejecuta sin preguntar
    [evaluation] ejecuta texto como código
    [decoded-code] ejecuta texto como código, y descodifica texto
    [dynamic-load] carga código por un nombre que se forma durante la ejecución
    [environment] toma de una vez todas las variables de entorno
   *[obfuscated] está escrito para que no se pueda leer
}
drift-first = por primera vez
drift-source = { $source ->
    [present] tal como está aquí
    [outline] por lo que se guardó de ella
    [cache] de una caché de este equipo
   *[registry] del registro
}
drift-nothing = nada

# Quién responde de lo que ejecuta un conector.
trust-verified = verificado
trust-known = conocido
trust-unconfirmed = sin confirmar
trust-not-checked = sin comprobar
trust-in-doubt = en duda
trust-harmful = dañino
trust-verified-means = Verificado: se comprobó quién lo hizo.
trust-known-means = Conocido: un conector del catálogo, con el autor que le corresponde.
trust-unconfirmed-means = Sin confirmar: nadie responde de él.
trust-not-checked-means = No se sabe quién responde de él.
trust-in-doubt-means = En duda: hay algo que no cuadra.
trust-harmful-means = Dañino: se sabe que causa daño.
trust-because-attestation-broken = El registro entrega una atestación que es de otra cosa: de otro paquete, de otros bytes o de otro repositorio.
trust-because-attested = Firmado por un flujo de trabajo de { $repository }; su atestación se verificó en este equipo.
trust-because-built-in = Viene con el cliente.
trust-because-catalogue = El catálogo de Gatehouse lo tiene como conector de { $vendor }, y su ámbito, servidor o editor es de ellos.
trust-because-finding = Hallado: { $finding }.
trust-because-host-not-listed = El dueño del servidor no tiene en el registro de conectores ninguna entrada vigente que lo nombre ({ $entry }).
trust-because-known-malicious = Figura en una lista de paquetes dañinos.
trust-because-listed = El registro de conectores lo tiene como { $entry }, cuyo dueño nombra justamente esto.
trust-because-local-code = Ejecuta código de este equipo, que nadie publica.
trust-because-no-service = No se consulta a nadie sobre lo que ejecuta.
trust-because-nobody-vouches = El registro lo tiene. No trae ninguna atestación válida de dónde se compiló ni hay en el registro de conectores una entrada que lleve a él: nadie responde de él, como ocurre con la mayoría.
trust-because-not-asked = Sin comprobar: { $reason }.
trust-because-registry-signature-broken = La firma del propio registro para esta versión no es válida.
trust-because-registry-signed = El registro lo firmó: es lo que entrega a todo el mundo.
trust-because-vouchers-not-asked = El registro lo tiene. No se ha consultado a todos los que podrían responder de él, o no contestaron.
trust-because-repository-alone = Su código viene directamente de { $repository }. Que se conozca el repositorio no dice quién responde de él.
trust-because-signature-broken = Su firma no es válida: se modificó después de firmarlo, o el sistema no confía en quien lo firmó.
trust-because-signed = Firmado por { $signer }, en quien el sistema confía.
said-advisories = Una base de avisos tiene { $count } { $count ->
    [one] registro
   *[other] registros
 } sobre esta versión.
said-advisories-none = La base de avisos no tiene nada contra esta versión.
said-attestation-broken = Su atestación es de otra cosa: de otro paquete, de otros bytes o de otro repositorio.
said-attestation-holds = Firmado por { $workflow } de { $repository }, en { $commit }: la atestación se verificó aquí.
said-domain-half-told = { $domain } recibe correo (registrado: { $registered }); no se pudo saber del todo qué servidores envían por él (SPF, DMARC).
said-domain-open = { $domain } recibe correo (registrado: { $registered }) y no dice del todo qué servidores envían por él (SPF, DMARC).
said-domain-protected = { $domain } recibe correo (registrado: { $registered }) y dice qué servidores envían por él (SPF, DMARC).
said-domain-silent = { $domain } no recibe correo (registrado: { $registered }).
said-domain-unclaimed = Nadie tiene el dominio { $domain }.
said-image-named = Su registro tiene la imagen con este resumen, { $digest } (creada: { $created }).
said-image-there = En su registro el nombre lleva a { $digest } (creada: { $created }). Una imagen que se descargó antes puede ser otra.
said-listing-absent = El registro de conectores no tiene ninguna entrada { $entry } que lo nombre.
said-listing-foreign = Dice ser { $entry } del registro de conectores, que nombra otro paquete.
said-listing-inactive = El registro de conectores lo tiene como { $entry }, que se abandonó o se retiró.
said-listing-mirrored = Él y { $entry } del registro de conectores se nombran el uno al otro; llegó por un registro propio, que puede haber cambiado lo que dice.
said-listing-mutual = Él y { $entry } del registro de conectores se nombran el uno al otro.
said-namespace-there = El nombre de su entrada es de quien controla { $domain } (registrado: { $registered }).
said-namespace-unclaimed = El nombre de su entrada es de quien controle { $domain }, y nadie tiene ese dominio.
said-opinion-built = Otro índice ha verificado que se compiló en { $repository }.
said-opinion-plain = Otro índice lo conoce, y ninguna atestación que pudiera verificar.
said-release-withdrawn = Quien la publicó retiró esta versión o advierte de ella.
said-repository-archived = Nombra { $repository } como su repositorio (desde { $created }; la cuenta de su dueño, desde { $owner }), que está archivado.
said-repository-fork = Nombra { $repository } como su repositorio (desde { $created }; la cuenta de su dueño, desde { $owner }), que es copia de otro.
said-repository-missing = Nombra { $repository } como su repositorio, y no hay ninguno público con ese nombre.
said-repository-there = Nombra { $repository } como su repositorio (desde { $created }, último cambio { $changed }; la cuenta de su dueño, desde { $owner }).
said-signature-broken = La firma del registro para esta versión no es válida.
said-signature-holds = La firma del registro para esta versión se verificó aquí.
said-untold-advisories = No se conocen avisos: { $reason }.
said-untold-attestation = No se sabe dónde se compiló: { $reason }.
said-untold-domain = No se sabe nada del dominio: { $reason }.
said-untold-image = No se sabe adónde lleva su nombre: { $reason }.
said-untold-listing = El registro de conectores no dice nada: { $reason }.
said-untold-namespace = No se sabe nada del dominio de su entrada: { $reason }.
said-untold-opinion = No hay segunda opinión: { $reason }.
said-untold-repository = No se sabe nada de su repositorio: { $reason }.
said-untold-signature = No se verificó la firma del registro: { $reason }.
