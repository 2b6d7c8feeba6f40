/* make-certificate.c: writes a private key with its certificate, and the certificate alone.
 * usage: make-certificate PEM CERTIFICATE SECONDS-FROM-NOW-IT-EXPIRES [HOST]
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "make-certificate.h"

int
main (int argc, char **argv)
{
  gint64 until_s = argc > 3 ? g_ascii_strtoll (argv[3], NULL, 10) : 0;
  g_auto(MadeCertificate) made = make_certificate (TRUE, argc > 4 ? argv[4] : NULL,
                                                   MIN (0, until_s) - 3600, until_s);
  g_autofree char *both = g_strconcat (made.certificate, made.key, NULL);

  return argc > 3 && g_file_set_contents_full (argv[1], both, -1, 0, 0400, NULL) &&
         g_file_set_contents (argv[2], made.certificate, -1, NULL) ? 0 : 1;
}
